using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Accuracy;

/// <summary>
/// Which layers are worth staying in float for a given loss of time on this machine: layer by layer, the one that
/// <see cref="SensitivityReport"/> says gains most first, each kept where the output gets better and a run stays within the limit.
/// </summary>
/// <remarks>Times are those of the model's own kernels: choose for an annotated class, since generic int8 kernels are slower than the generated ones will be.</remarks>
public sealed class MixedPrecision
{
    // What layers of less gain would win is within what another calibration changes.
    private const double LeastGain = 0.1;

    private const int Runs = 9;

    private readonly MixedPrecisionLayer[] _layers;

    private MixedPrecision(double sqnr, TimeSpan time, MixedPrecisionLayer[] layers)
    {
        Int8Sqnr = sqnr;
        Int8Time = time;
        _layers = layers;
    }

    /// <summary>SQNR of the output in dB with every layer as prepared.</summary>
    public double Int8Sqnr { get; }

    /// <summary>A run's median time with every layer as prepared.</summary>
    public TimeSpan Int8Time { get; }

    /// <summary>The layers that were tried, in their order; those that are kept in float say so.</summary>
    public IReadOnlyList<MixedPrecisionLayer> Layers => _layers;

    /// <summary>The layers to keep in float.</summary>
    public IReadOnlyList<string> FloatLayers => [.. _layers.Where(static layer => layer.StaysFloat).Select(static layer => layer.Name)];

    /// <summary>Chooses, by conversions and runs on this thread: run nothing else meanwhile.</summary>
    /// <param name="model">A prepared and calibrated model.</param>
    /// <param name="batches">Typical inputs; the first one is timed.</param>
    /// <param name="mostTime">Time of a run over that of the model with every layer as prepared, for example 1.2; at least 1.</param>
    /// <param name="progress">Hears how many conversions are done.</param>
    /// <param name="cancellationToken">Stops between conversions.</param>
    /// <returns>The choice. Prepare with <see cref="Keep"/> and convert again.</returns>
    /// <exception cref="InvalidOperationException">The model was not prepared or not calibrated.</exception>
    /// <exception cref="ArgumentException">A batch does not fit, there is none, or the limit is below 1.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static MixedPrecision Choose(
        FloatModel model, IReadOnlyList<FloatTensor> batches, double mostTime, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!(mostTime >= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(mostTime), mostTime, "A mixed model is no faster than the int8 one: the limit is a factor of at least 1.");
        }

        SensitivityReport sensitivity = SensitivityReport.Measure(model, batches, progress, cancellationToken);
        int done = sensitivity.Layers.Count + 1;
        QuantizedModel int8 = model.Convert();
        FloatTensor[] references = [.. batches.Select(model.Forward)];
        var chosen = new HashSet<string>(StringComparer.Ordinal);
        double best = sensitivity.Output.Sqnr;
        TimeSpan int8Time = default;
        var tried = new List<MixedPrecisionLayer>();
        foreach (LayerSensitivity layer in sensitivity.Layers.TakeWhile(static layer => layer.Gain >= LeastGain))
        {
            cancellationToken.ThrowIfCancellationRequested();
            QuantizedModel mixed = model.Convert(node => node.Name == layer.Name || chosen.Contains(node.Name));
            double sqnr = SensitivityReport.OutputError(mixed, batches, references).Sqnr;
            (int8Time, TimeSpan time) = Times(int8, mixed, batches[0]);
            bool stays = sqnr >= best + LeastGain && time <= mostTime * int8Time;
            tried.Add(new MixedPrecisionLayer(layer.Name, layer.Type, sqnr, time / int8Time, stays));
            if (stays)
            {
                best = sqnr;
                chosen.Add(layer.Name);
            }

            progress?.Report(++done);
        }

        return new MixedPrecision(sensitivity.Output.Sqnr, tried.Count == 0 ? Times(int8, int8, batches[0]).First : int8Time, [.. tried]);
    }

    /// <summary>A mapping that keeps the chosen layers in float.</summary>
    /// <param name="mapping">How the others are quantized; it is changed.</param>
    /// <returns>The same mapping.</returns>
    public QConfigMapping Keep(QConfigMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        foreach (string layer in FloatLayers)
        {
            mapping.SetModuleName(layer, null);
        }

        return mapping;
    }

    // Interleaved, so that a slow spell of the machine hits both.
    private static (TimeSpan First, TimeSpan Second) Times(QuantizedModel first, QuantizedModel second, FloatTensor input)
    {
        var output = new FloatTensor(first.OutputShape(input.Shape));
        var times = new TimeSpan[2][];
        times[0] = new TimeSpan[Runs];
        times[1] = new TimeSpan[Runs];
        for (int run = -1; run < Runs; run++)
        {
            TimeSpan one = Time(first, input, output);
            TimeSpan two = Time(second, input, output);
            if (run >= 0)
            {
                (times[0][run], times[1][run]) = (one, two);
            }
        }

        Array.ForEach(times, Array.Sort);
        return (times[0][Runs / 2], times[1][Runs / 2]);
    }

    private static TimeSpan Time(QuantizedModel model, FloatTensor input, FloatTensor output)
    {
        long start = Stopwatch.GetTimestamp();
        model.Run(input.Data, input.Shape.N, input.Shape.H, input.Shape.W, output.Data);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>The choice as a table of text.</summary>
    /// <returns>Lines that end with <c>\n</c>.</returns>
    public override string ToString()
    {
        var rows = new List<IReadOnlyList<string>> { new[] { "in float", "type", "SQNR dB", "time", "" }, new[] { "(none)", "", AccuracyText.Decibel(Int8Sqnr), "1.00", "" } };
        foreach (MixedPrecisionLayer layer in _layers)
        {
            rows.Add([layer.Name, layer.Type, AccuracyText.Decibel(layer.Sqnr), layer.Time.ToString("0.00", CultureInfo.InvariantCulture), layer.StaysFloat ? "float" : "int8"]);
        }

        return AccuracyText.Table(rows, leftAligned: 2);
    }
}
