using System;

namespace Kernels.Quantization;

/// <summary>
/// PyTorch's <c>QConfig</c>: how a layer's output and weights are observed. The factories make a new observer at each call.
/// </summary>
/// <param name="Activation">Makes an observer of quint8 for a layer's output.</param>
/// <param name="Weight">Makes an observer of qint8 for a layer's weights; per channel when it is an <see cref="IPerChannelObserver"/>.</param>
public sealed record QConfig(Func<IObserver> Activation, Func<IObserver> Weight)
{
    /// <summary>Makes an observer of quint8 for a layer's output.</summary>
    public Func<IObserver> Activation { get; init => field = value ?? throw new ArgumentNullException(nameof(Activation)); } = Activation ?? throw new ArgumentNullException(nameof(Activation));

    /// <summary>Makes an observer of qint8 for a layer's weights; per channel when it is an <see cref="IPerChannelObserver"/>.</summary>
    public Func<IObserver> Weight { get; init => field = value ?? throw new ArgumentNullException(nameof(Weight)); } = Weight ?? throw new ArgumentNullException(nameof(Weight));

    private static readonly ObserverSettings Reduced = new() { ReduceRange = true };

    // PyTorch's fine-tuning gives the bounds explicitly; reduce_range then halves them to the same 0 to 127.
    private static readonly ObserverSettings ReducedTraining = new() { ReduceRange = true, QuantMin = 0, QuantMax = 255 };
    private static readonly ObserverSettings Training = new() { QuantMin = 0, QuantMax = 255 };
    private static readonly ObserverSettings TrainingWeight = ObserverSettings.Weight with { QuantMin = -128, QuantMax = 127 };

    /// <summary>PyTorch's default for <c>x86</c>: histogram with 7 bits, weights per channel.</summary>
    public static QConfig X86 { get; } = new(static () => new HistogramObserver(Reduced), PerChannelWeight);

    /// <summary>PyTorch's default for <c>fbgemm</c>: histogram with 7 bits, weights per channel.</summary>
    public static QConfig Fbgemm { get; } = new(static () => new HistogramObserver(Reduced), PerChannelWeight);

    /// <summary>PyTorch's default for <c>qnnpack</c>: histogram with 8 bits, weights per tensor.</summary>
    public static QConfig Qnnpack { get; } = new(static () => new HistogramObserver(), PerTensorWeight);

    /// <summary>PyTorch's default for <c>onednn</c>: histogram with 8 bits, weights per channel.</summary>
    public static QConfig OneDnn { get; } = new(static () => new HistogramObserver(), PerChannelWeight);

    /// <summary>
    /// Our own: the full range of values over the full range of codes, and weights per output channel for transposed layers as well, which
    /// PyTorch refuses. All 8 bits, since our kernels are exact with them; from the least to the greatest value, since what calibration
    /// leaves out is what it has seen least of: on real pictures no observer that clips was better than this one on all of them, and each was
    /// worse when calibration had seen little. The figures are in docs/pytorch.md.
    /// </summary>
    public static QConfig FullRange { get; } = new(static () => new MinMaxObserver(), PerChannelWeight);

    /// <summary>PyTorch's default for fine-tuning with <c>x86</c>: moving averages, 7 bits, weights per channel.</summary>
    public static QConfig X86Training { get; } = new(static () => new MovingAverageMinMaxObserver(settings: ReducedTraining), PerChannelTrainingWeight);

    /// <summary>PyTorch's default for fine-tuning with <c>fbgemm</c>: moving averages, 7 bits, weights per channel.</summary>
    public static QConfig FbgemmTraining { get; } = new(static () => new MovingAverageMinMaxObserver(settings: ReducedTraining), PerChannelTrainingWeight);

    /// <summary>PyTorch's default for fine-tuning with <c>qnnpack</c>: moving averages, 8 bits, weights per tensor.</summary>
    public static QConfig QnnpackTraining { get; } = new(static () => new MovingAverageMinMaxObserver(settings: Training), PerTensorTrainingWeight);

    /// <summary>PyTorch's default for fine-tuning with <c>onednn</c>: moving averages, 8 bits, weights per channel.</summary>
    public static QConfig OneDnnTraining { get; } = new(static () => new MovingAverageMinMaxObserver(settings: Training), PerChannelTrainingWeight);

    /// <summary>
    /// Our own for fine-tuning: as <see cref="FullRange"/>, with weights that follow their range. PyTorch's moving averages clip, also where
    /// values of one scale differ in range, and a clipped value gets no gradient.
    /// </summary>
    public static QConfig FullRangeTraining { get; } = new(static () => new MinMaxObserver(), PerChannelTrainingWeight);

    /// <summary>This configuration with weights of one scale, as PyTorch uses for transposed layers.</summary>
    /// <returns>The same activation observer; a per-tensor min/max observer for weights.</returns>
    public QConfig WithPerTensorWeights() => this with { Weight = PerTensorWeight };

    /// <summary>Makes a new fake quantization of a layer's output.</summary>
    /// <returns>One that observes with <see cref="Activation"/>.</returns>
    public FakeQuantize CreateActivationFakeQuantize() => new(Activation());

    /// <summary>Makes a new fake quantization of a layer's weights.</summary>
    /// <returns>One that observes with <see cref="Weight"/>.</returns>
    public FakeQuantize CreateWeightFakeQuantize() => new(Weight());

    private static IObserver PerTensorWeight() => new MinMaxObserver(ObserverSettings.Weight);

    private static IObserver PerChannelWeight() => new PerChannelMinMaxObserver(settings: ObserverSettings.Weight);

    private static IObserver PerTensorTrainingWeight() => new MovingAverageMinMaxObserver(settings: TrainingWeight);

    private static IObserver PerChannelTrainingWeight() => new MovingAveragePerChannelMinMaxObserver(settings: TrainingWeight);
}
