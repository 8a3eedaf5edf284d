using System;
using System.Buffers;
using Kernels.Execution;
using Kernels.Generic;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>Mean of int8 activations over axes: exact sums, with the rounding of <see cref="QuantizedAvgPool2d"/>.</summary>
public sealed class QuantizedMean : QuantizedMeanLayer
{
    /// <summary>Makes the layer; its output is quantized as its input.</summary>
    /// <param name="spec">The axes.</param>
    /// <param name="quantization">Scale and zero point of input and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    public QuantizedMean(MeanSpec spec, QuantizationParameters quantization)
        : this(spec, quantization, quantization, null)
    {
    }

    /// <summary>Makes the layer with functions behind it, computed in float32 before the one rounding.</summary>
    /// <param name="spec">The axes.</param>
    /// <param name="input">Scale and zero point of the input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="epilogue">The functions; null for none. They read no further input.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    /// <exception cref="ArgumentException">A parameter is out of range, or the functions read a further input.</exception>
    public QuantizedMean(MeanSpec spec, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue)
        : this(spec, input, output, epilogue, null)
    {
    }

    /// <summary>The same on vectors of a given width.</summary>
    internal QuantizedMean(MeanSpec spec, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue, LaneTier? tier)
        : base(input, output, epilogue, tier)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
    }

    /// <summary>The axes.</summary>
    public MeanSpec Spec { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    private protected override void Pool(ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to)
    {
        if (!Spec.Channels)
        {
            PoolToSize(input, from, output, to);
            return;
        }

        long[] sums = ArrayPool<long>.Shared.Rent(to.Count);
        sums.AsSpan(0, to.Count).Clear();
        for (int i = 0; i < from.N * from.H; i++)
        {
            int row = Broadcasting.Row(to, from, i) * to.W;
            for (int x = 0; x < from.W; x++)
            {
                sums[row + (to.W == 1 ? 0 : x)] += CodeSums.Of(input.Slice((i * from.W + x) * from.C, from.C));
            }
        }

        CodeGlobalMean.Finish(Constants, sums, from.Count / to.Count, output);
        ArrayPool<long>.Shared.Return(sums);
    }
}
