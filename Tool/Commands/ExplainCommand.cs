using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Kernels.Onnx;
using Kernels.Onnx.Lowering;
using Kernels.Tool.Explaining;
using Kernels.Tool.Source;

namespace Kernels.Tool.Commands;

/// <summary><c>kernels explain</c>: a page that shows what is generated for a network.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var model = new ModelOptions();
        var layer = new Option<string>("--layer") { Description = "One layer alone, by the name that `kernels inspect` prints.", DefaultValueFactory = static _ => "" };
        var output = new Option<string>("--output") { Description = "The page; by default beside the model, as MODEL.html.", DefaultValueFactory = static _ => "" };
        var command = new Command("explain", "Writes a page that shows what the generator makes of each layer: taps and phases, dataflow, register tile, cycles, code.") { layer, output };
        model.AddTo(command);
        command.SetAction(result => Guard.Run(() =>
        {
            string path = result.GetValue(model.Model)!;
            OnnxModel onnx = model.Load(result);
            IReadOnlyList<ExplainedLayer> layers = Layers(onnx);
            if (result.GetValue(layer) is { Length: > 0 } name)
            {
                layers = layers.Where(each => each.Name == name).ToArray() is { Length: > 0 } chosen
                    ? chosen
                    : throw new ToolException($"The network has no layer '{name}' with weights: {string.Join(", ", layers.Select(static each => each.Name))}.");
            }

            string target = model.Target(result, output, ".html");
            File.WriteAllText(target, ExplainPage.Of(Path.GetFileNameWithoutExtension(path), layers));
            Console.Out.WriteLine(target);
        }));
        return command;
    }

    /// <summary>The layers of a network as they are generated, for one image of the size that it was imported with.</summary>
    public static IReadOnlyList<ExplainedLayer> Layers(OnnxModel onnx)
    {
        IReadOnlyList<ExplainedLayer> layers = ExplainedLayer.Of(FusedLayer.Of(NamedModel.Of(onnx), onnx.Network.PhysicalInput with { N = 1 }));
        return layers.Count > 0 ? layers : throw new ToolException("The network has no layers with weights: nothing is generated for it.");
    }
}
