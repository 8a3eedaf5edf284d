using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using Kernels.Accuracy;
using Kernels.Models;
using Kernels.Onnx;
using Kernels.Quantization;
using Kernels.Tool.Data;
using Kernels.Tool.Source;

namespace Kernels.Tool.Commands;

/// <summary><c>kernels quantize</c>: an int8 file from pictures, without compiling anything.</summary>
internal static class QuantizeCommand
{
    /// <summary>The name of the configuration that does best.</summary>
    public const string Best = "best";

    public static Command Create()
    {
        var model = new ModelOptions();
        var data = new DataOptions();
        Option<string> config = ConfigOption();
        var output = new Option<string>("--output") { Description = "The int8 file; by default beside the model, as MODEL.int8.safetensors.", DefaultValueFactory = static _ => "" };
        var report = new Option<string>("--report") { Description = "An HTML page with the accuracy of every layer.", DefaultValueFactory = static _ => "" };
        var fineTune = new Option<int>("--fine-tune") { Description = "Steps of training without labels after the calibration, an input each, towards the float network's output; kept only if a quarter of the data, held out, gains by it. With --config best or full-range.", DefaultValueFactory = static _ => 0 };
        var command = new Command("quantize", "Calibrates a network on pictures or .npy files and writes it as int8, with a report of its accuracy.") { config, fineTune, output, report };
        model.AddTo(command);
        data.AddTo(command);
        command.SetAction(result => Guard.Run(() =>
        {
            OnnxModel onnx = model.Load(result);
            QConfig? observed = Config(result.GetValue(config)!);
            int steps = result.GetValue(fineTune);
            if (steps > 0 && observed is not null && observed != QConfig.FullRange)
            {
                throw new ToolException("--fine-tune trains for full ranges: use it with --config best or full-range.");
            }

            IReadOnlyList<FloatTensor> batches = data.Read(result, onnx);
            (FloatModel network, QuantizedModel int8) = Convert(onnx, observed, batches);
            if (steps > 0)
            {
                var training = new FineTuning(network, steps);
                int8 = training.Run(int8, batches, new CountProgress("training", steps));
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"held out: {training.Before:F1} dB SQNR calibrated, {training.After:F1} dB trained; the {(training.After > training.Before ? "trained" : "calibrated")} network is written"));
            }

            string target = model.Target(result, output, ".int8.safetensors");
            int8.Save(target);
            AccuracyReport accuracy = AccuracyReport.Measure(network, int8, batches);
            Console.Out.WriteLine(accuracy);
            if (result.GetValue(report) is { Length: > 0 } page)
            {
                accuracy.SaveHtml(page);
            }

            Console.Out.WriteLine(target);
        }));
        return command;
    }

    /// <summary>How the network is quantized.</summary>
    public static Option<string> ConfigOption() => new Option<string>("--config") { Description = "How it is quantized: best (channels balanced, functions fused, weights rounded together), or with one scale a tensor and PyTorch's ranges: full-range, x86, fbgemm, qnnpack or onednn.", DefaultValueFactory = static _ => Best };

    /// <summary>A network calibrated on batches and converted.</summary>
    /// <param name="onnx">The network.</param>
    /// <param name="config">How ranges are observed; null for what does best.</param>
    /// <param name="batches">Typical inputs.</param>
    /// <param name="hasEpilogues">Whether functions may become part of a layer, computed in float; otherwise every step is rounded, as in other runtimes.</param>
    public static (FloatModel Network, QuantizedModel Int8) Convert(OnnxModel onnx, QConfig? config, IReadOnlyList<FloatTensor> batches, bool hasEpilogues = true)
    {
        FloatModel network = config is null && hasEpilogues ? NamedModel.Of(onnx).FuseEpilogues() : NamedModel.Of(onnx).Fuse();
        network = config is null ? network.BalanceChannels(batches) : network;
        network.Prepare(QConfigMapping.Uniform(config ?? QConfig.FullRange));
        network.Calibrate(batches, new CountProgress("calibrating", batches.Count));
        return (network, config is null ? network.Convert(batches, new CountProgress("rounding weights", network.Weights.Count)) : network.Convert());
    }

    /// <summary>A configuration by its name; null for what does best.</summary>
    public static QConfig? Config(string name) => name.ToLowerInvariant() switch
    {
        Best => null,
        "full-range" => QConfig.FullRange,
        "x86" => QConfig.X86,
        "fbgemm" => QConfig.Fbgemm,
        "qnnpack" => QConfig.Qnnpack,
        "onednn" => QConfig.OneDnn,
        _ => throw new ToolException($"There is no configuration '{name}': best, full-range, x86, fbgemm, qnnpack and onednn are."),
    };

    /// <summary>Says on a terminal how far something is.</summary>
    private sealed class CountProgress(string what, int count) : IProgress<int>
    {
        public void Report(int value)
        {
            if (!Console.IsErrorRedirected)
            {
                Console.Error.Write($"\r{what} {value} of {count}{(value == count ? "\n" : "")}");
            }
        }
    }
}
