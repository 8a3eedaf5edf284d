using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using Kernels.Accuracy;
using Kernels.Models;
using Kernels.Onnx;
using Kernels.Tool.Data;

namespace Kernels.Tool.Commands;

/// <summary><c>kernels compare</c>: float and int8 against each other, layer by layer.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var model = new ModelOptions();
        var data = new DataOptions();
        var int8 = new Option<string>("--int8") { Description = "An int8 file that `kernels quantize` wrote, whose output is compared; without one the network is calibrated on the data, all but the last quarter.", DefaultValueFactory = static _ => "" };
        Option<string> config = QuantizeCommand.ConfigOption();
        var command = new Command("compare", "Compares the float network of an ONNX file with its int8 form, layer by layer.") { int8, config };
        model.AddTo(command);
        data.AddTo(command);
        command.SetAction(result => Guard.Run(() =>
        {
            OnnxModel onnx = model.Load(result);
            IReadOnlyList<FloatTensor> batches = data.Read(result, onnx);
            if (result.GetValue(int8) is { Length: > 0 } path)
            {
                Console.Out.WriteLine(OutputAccuracy(onnx.Float, QuantizedModel.Load(path), batches));
                return;
            }

            int held = Math.Max(1, batches.Count / 4);
            FloatTensor[] calibration = [.. batches.Take(Math.Max(1, batches.Count - held))];
            (FloatModel network, QuantizedModel converted) = QuantizeCommand.Convert(onnx, QuantizeCommand.Config(result.GetValue(config)!), calibration);
            Console.Out.WriteLine(AccuracyReport.Measure(network, converted, [.. batches.Skip(batches.Count - held)]));
        }));
        return command;
    }

    // A file's layers may be fused otherwise than the network's, and its channels balanced: what both have in common is the output.
    private static string OutputAccuracy(FloatModel network, QuantizedModel int8, IReadOnlyList<FloatTensor> batches)
    {
        var error = new ErrorStatistics();
        foreach (FloatTensor batch in batches)
        {
            error.Add(network.Forward(batch).Data, int8.Forward(batch).Data);
        }

        return string.Create(CultureInfo.InvariantCulture, $"output: SQNR {error.Sqnr:F1} dB, PSNR {error.Psnr:F1} dB, largest difference {error.MaxError:G3}");
    }
}
