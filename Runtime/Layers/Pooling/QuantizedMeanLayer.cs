using System;
using Kernels.Execution;
using Kernels.Generic;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// Base of the int8 layers that take means. Sums are exact; the mean is rounded half to even before the zero point is added. With functions behind
/// it, it is computed in real units, the functions in float32, and rounded once: see <see cref="EpilogueSpec"/>.
/// </summary>
public abstract class QuantizedMeanLayer : QuantizedLayer
{
    private protected QuantizedMeanLayer(QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue, LaneTier? tier)
        : base(input, output)
    {
        Constants = new MeanConstants(input, output, CodeSteps.Of(epilogue), tier ?? LaneTiers.Best);
    }

    private protected MeanConstants Constants { get; }

    private protected sealed override void Compute(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to)
    {
        Constants.Steps?.Check(to);
        Pool(input, from, output, to);
    }

    /// <summary>Computes the means.</summary>
    private protected abstract void Pool(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to);

    /// <summary>Means of as many windows as the output has pixels.</summary>
    private protected void PoolToSize(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to)
    {
        if (to.H == 1 && to.W == 1)
        {
            CodeGlobalMean.Run(Constants, input, from, output);
        }
        else
        {
            AveragePooling.Run(AdaptiveWindows.Instance, Constants, input, from, output, to);
        }
    }
}
