using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Kernels.Models;
using Kernels.Models.Nodes;

namespace Kernels.Accuracy;

/// <summary>
/// Which layer to keep in float first: the model is converted once for each int8 layer with that layer in float, and the error of its
/// output is measured. Where an int8 layer reads the layer in float, it does so with the scale that was prepared.
/// </summary>
public sealed class SensitivityReport
{
    private readonly LayerSensitivity[] _layers;

    private SensitivityReport(ErrorStatistics allInt8, LayerSensitivity[] layers)
    {
        Output = allInt8;
        _layers = layers;
    }

    /// <summary>The error of the output with every layer as prepared.</summary>
    public ErrorStatistics Output { get; }

    /// <summary>The layers, the one that gains most first. Layers that keep their input's scale, such as a ReLU, round nothing and are not tried.</summary>
    public IReadOnlyList<LayerSensitivity> Layers => _layers;

    /// <summary>Measures.</summary>
    /// <param name="model">A prepared and calibrated model.</param>
    /// <param name="batches">Inputs; they are run once for each layer.</param>
    /// <param name="progress">Hears how many of the conversions are done, of which there are as many as int8 layers and one more.</param>
    /// <param name="cancellationToken">Stops between conversions.</param>
    /// <returns>The report.</returns>
    /// <exception cref="InvalidOperationException">The model was not prepared or not calibrated.</exception>
    /// <exception cref="ArgumentException">A batch does not fit, or there is none.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static SensitivityReport Measure(FloatModel model, IReadOnlyList<FloatTensor> batches, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batches);
        if (batches.Count == 0)
        {
            throw new ArgumentException("There is no batch to measure with: give at least one.", nameof(batches));
        }

        FloatTensor[] references = [.. batches.Select(model.Forward)];
        ErrorStatistics all = Error(null);
        var layers = new List<LayerSensitivity>();
        foreach (ModelNode node in model.PreparedNodes())
        {
            if (!node.Layer.SharesQuantization)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(layers.Count + 1);
                ErrorStatistics error = Error(node);
                double gain = error.Sqnr - all.Sqnr;
                // Both may be exact.
                layers.Add(new LayerSensitivity(node.Name, node.Layer.Type, error, double.IsNaN(gain) ? 0 : gain));
            }
        }

        progress?.Report(layers.Count + 1);
        layers.Sort(static (a, b) => b.Gain.CompareTo(a.Gain));
        return new SensitivityReport(all, [.. layers]);

        ErrorStatistics Error(ModelNode? inFloat) => OutputError(model.Convert(node => node == inFloat), batches, references);
    }

    /// <summary>The error of a converted model's output.</summary>
    /// <param name="converted">The model.</param>
    /// <param name="batches">Inputs.</param>
    /// <param name="references">The float model's output for each.</param>
    internal static ErrorStatistics OutputError(QuantizedModel converted, IReadOnlyList<FloatTensor> batches, FloatTensor[] references)
    {
        var error = new ErrorStatistics();
        for (int i = 0; i < references.Length; i++)
        {
            error.Add(references[i].Data, converted.Forward(batches[i]).Data);
        }

        return error;
    }

    /// <summary>The report as a table of text.</summary>
    /// <returns>Lines that end with <c>\n</c>.</returns>
    public override string ToString()
    {
        var rows = new List<IReadOnlyList<string>> { new[] { "in float", "type", "SQNR dB", "gain dB" }, new[] { "(none)", "", AccuracyText.Decibel(Output.Sqnr), "" } };
        foreach (LayerSensitivity layer in _layers)
        {
            rows.Add([layer.Name, layer.Type, AccuracyText.Decibel(layer.Output.Sqnr), layer.Gain.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture)]);
        }

        return AccuracyText.Table(rows, leftAligned: 2);
    }
}
