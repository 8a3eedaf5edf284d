using Kernels.Execution;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Packing;

/// <summary>
/// The weights and constants of a layer in the order in which its generated kernel reads them. Packed once, for the
/// instruction set at hand; read-only afterwards, so that threads can share it.
/// </summary>
public abstract unsafe class PackedConvolution
{
    private protected PackedConvolution(ConvolutionSpec spec, bool usesBytes, QuantizationParameters input, QuantizationParameters output)
    {
        Spec = spec;
        UsesBytes = usesBytes;
        InputQuantization = input;
        OutputQuantization = output;
    }

    /// <summary>The layer that the weights belong to.</summary>
    public ConvolutionSpec Spec { get; }

    /// <summary>Scale and zero point of the input.</summary>
    public QuantizationParameters InputQuantization { get; }

    /// <summary>Scale and zero point of the output.</summary>
    public QuantizationParameters OutputQuantization { get; }

    /// <summary>Whether weights are bytes for vpmaddubsw; words for vpmaddwd otherwise.</summary>
    public bool UsesBytes { get; }

    /// <summary>Bytes of packed weights, constants included.</summary>
    public abstract long Size { get; }

    /// <summary>Throws unless weights fit the layer and its accumulators fit int32.</summary>
    private protected static void Check(ConvolutionSpec spec, QuantizedWeight weight)
    {
        ConvolutionChecks.Check(spec, weight.Shape);
        ConvolutionChecks.CheckAccumulator(spec, weight);
    }

    /// <summary>The scalars of the epilogue.</summary>
    private protected static EpilogueScalars Scalars(Requantizer requantizer) => new()
    {
        Lower = requantizer.Lower,
        Upper = requantizer.Upper,
        NegativeSlope = requantizer.NegativeSlope,
        ZeroPoint = requantizer.ZeroPoint,
    };
}
