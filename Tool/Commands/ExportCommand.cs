using System;
using System.CommandLine;
using Kernels.Models;
using Kernels.Onnx;
using Kernels.Tool.Data;

namespace Kernels.Tool.Commands;

/// <summary><c>kernels export</c>: a quantized ONNX file that other runtimes load.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var model = new ModelOptions("The ONNX file; or an int8 file that `kernels quantize` wrote, whose functions between layers stay floats, so that other runtimes are slower.");
        var data = new DataOptions(isRequired: false);
        Option<string> config = QuantizeCommand.ConfigOption();
        var output = new Option<string>("--output") { Description = "The file to write; by default beside the model, as MODEL.qdq.onnx.", DefaultValueFactory = static _ => "" };
        var command = new Command("export", "Writes a network as a quantized ONNX file (QuantizeLinear and DequantizeLinear nodes, weights a channel, biases as int32) that ONNX Runtime runs in int8.") { config, output };
        model.AddTo(command);
        data.AddTo(command);
        command.SetAction(result => Guard.Run(() =>
        {
            bool isConverted = model.IsConverted(result);
            if (!isConverted && !data.IsGiven(result))
            {
                throw new ToolException("An ONNX file is calibrated first: give --data, or an int8 file in its place.");
            }

            string target = model.Target(result, output, ".qdq.onnx");
            if (isConverted)
            {
                OnnxExport.Save(QuantizedModel.Load(result.GetValue(model.Model)!), target);
            }
            else
            {
                OnnxModel onnx = model.Load(result);
                QuantizedModel int8 = QuantizeCommand.Convert(onnx, QuantizeCommand.Config(result.GetValue(config)!), data.Read(result, onnx), hasEpilogues: false).Int8;
                OnnxExport.Save(int8, target, Ends(onnx));
            }

            Console.Out.WriteLine(target);
        }));
        return command;
    }

    /// <summary>The names and dimensions of a file's ends: batches of any size, and images where the file takes them.</summary>
    private static OnnxExportOptions Ends(OnnxModel onnx)
    {
        int[] shape = [.. onnx.InputShape];
        shape[0] = -1;
        for (int axis = 2; onnx.IsAnySize && axis < shape.Length; axis++)
        {
            shape[axis] = -1;
        }

        return new OnnxExportOptions { InputName = onnx.InputName, OutputName = onnx.OutputName, InputShape = shape, OutputRank = onnx.OutputShape.Count };
    }
}
