using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Accuracy;

/// <summary>What each step of <see cref="FloatModel.Quantize"/> gains on a network: its output in float against int8, with and without the step.</summary>
public sealed class QuantizationStudy
{
    private QuantizationStudy(QuantizationStep[] steps) => Steps = steps;

    /// <summary>The steps, from one scale a tensor and nearest rounding to all of them together.</summary>
    public IReadOnlyList<QuantizationStep> Steps { get; }

    /// <summary>Quantizes a model in each way and measures it.</summary>
    /// <param name="model">The float model, fused.</param>
    /// <param name="calibration">Typical inputs to quantize with.</param>
    /// <param name="heldOut">Other inputs, to measure with.</param>
    /// <returns>The study.</returns>
    /// <exception cref="ArgumentException">There is no batch, or a shape does not fit a layer.</exception>
    public static QuantizationStudy Measure(FloatModel model, IEnumerable<FloatTensor> calibration, IEnumerable<FloatTensor> heldOut)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(calibration);
        ArgumentNullException.ThrowIfNull(heldOut);
        FloatTensor[] inputs = [.. calibration];
        FloatTensor[] others = [.. heldOut];
        FloatModel balanced = model.BalanceChannels(inputs);
        return new QuantizationStudy(
        [
            Step("one scale a tensor, nearest rounding", model, isLearned: false),
            Step("weights rounded together", model, isLearned: true),
            Step("channels balanced", balanced, isLearned: false),
            Step("channels balanced, weights rounded together", balanced, isLearned: true),
        ]);

        QuantizationStep Step(string name, FloatModel prepared, bool isLearned)
        {
            prepared.Prepare(QConfig.FullRange);
            prepared.Calibrate(inputs);
            AccuracyReport report = AccuracyReport.Measure(prepared, isLearned ? prepared.Convert(inputs) : prepared.Convert(), others);
            return new QuantizationStep(name, report.Output.Error.Sqnr, report.Output.Error.Psnr) { Layers = report.Layers };
        }
    }

    /// <summary>
    /// What each step gains in every layer, with all that came before it, as a table of text: the layer's SQNR in dB for the steps in their order. A layer of a balanced
    /// model is compared with the balanced float model's.
    /// </summary>
    /// <returns>Lines that end with <c>\n</c>.</returns>
    public string ToLayerTable()
    {
        var rows = new List<IReadOnlyList<string>> { (string[])["layer", "type", .. Enumerable.Range(1, Steps.Count).Select(static step => "step " + step.ToString(CultureInfo.InvariantCulture))] };
        for (int i = 0; i < Steps[0].Layers.Count; i++)
        {
            rows.Add((string[])[Steps[0].Layers[i].Name, Steps[0].Layers[i].Type, .. Steps.Select(step => AccuracyText.Decibel(step.Layers[i].Error.Sqnr))]);
        }

        return AccuracyText.Table(rows, leftAligned: 2);
    }

    /// <summary>The study as a table of text.</summary>
    /// <returns>Lines that end with <c>\n</c>.</returns>
    public override string ToString()
    {
        int width = Steps.Max(static step => step.Name.Length);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{"step".PadRight(width)}  SQNR dB  PSNR dB\n");
        foreach (QuantizationStep step in Steps)
        {
            text.Append(CultureInfo.InvariantCulture, $"{step.Name.PadRight(width)}  {step.Sqnr,7:F1}  {step.Psnr,7:F1}\n");
        }

        return text.ToString();
    }
}
