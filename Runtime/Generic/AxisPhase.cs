using System;
using System.Collections.Generic;
using Kernels.Layers;

namespace Kernels.Generic;

/// <summary>One kernel tap of a phase along one axis.</summary>
/// <param name="Kernel">Index of the tap in the kernel.</param>
/// <param name="Offset">Input pixel that it reads for the phase's first output pixel; may be outside the input.</param>
internal readonly record struct Tap(int Kernel, int Offset);

/// <summary>
/// The output pixels of one axis that read their inputs through the same taps: output pixel <c>First + j * OutputStep</c> reads
/// input pixels <c>j * InputStep + Offset</c>. A convolution has one phase; a transposed one as many as its stride, each a
/// stride-1 correlation, so no zeros are stuffed.
/// </summary>
internal sealed class AxisPhase
{
    private AxisPhase(int first, int outputStep, int inputStep, Tap[] taps)
    {
        First = first;
        OutputStep = outputStep;
        InputStep = inputStep;
        Taps = taps;
        IsContiguous = true;
        for (int i = 1; i < taps.Length; i++)
        {
            IsContiguous &= taps[i].Offset == taps[i - 1].Offset + 1;
        }
    }

    /// <summary>First output pixel.</summary>
    public int First { get; }

    /// <summary>Distance between output pixels.</summary>
    public int OutputStep { get; }

    /// <summary>Distance between the input pixels of neighbouring output pixels.</summary>
    public int InputStep { get; }

    /// <summary>The taps in the order of their offsets; none when the kernel is shorter than the stride.</summary>
    public Tap[] Taps { get; }

    /// <summary>Whether the taps read neighbouring input pixels.</summary>
    public bool IsContiguous { get; }

    /// <summary>The phases of one axis.</summary>
    public static AxisPhase[] Create(ConvolutionKind kind, int kernel, int stride, int padding, int dilation)
    {
        if (kind == ConvolutionKind.Conv2d)
        {
            var all = new Tap[kernel];
            for (int k = 0; k < kernel; k++)
            {
                all[k] = new Tap(k, k * dilation - padding);
            }

            return [new AxisPhase(0, 1, stride, all)];
        }

        var phases = new AxisPhase[stride];
        for (int first = 0; first < stride; first++)
        {
            var taps = new List<Tap>();
            for (int k = kernel - 1; k >= 0; k--)
            {
                int distance = first + padding - k * dilation;
                if (distance % stride == 0)
                {
                    taps.Add(new Tap(k, distance / stride));
                }
            }

            phases[first] = new AxisPhase(first, stride, 1, [.. taps]);
        }

        return phases;
    }

    /// <summary>The number of output pixels of this phase.</summary>
    public int Count(int outputSize) => Math.Max(0, (outputSize - First + OutputStep - 1) / OutputStep);

    /// <summary>The lowest and highest input pixel that the phases read, whether inside the input or not.</summary>
    public static (int Low, int High) Reach(ReadOnlySpan<AxisPhase> phases, int outputSize)
    {
        int low = 0;
        int high = 0;
        foreach (AxisPhase phase in phases)
        {
            int count = phase.Count(outputSize);
            if (count > 0 && phase.Taps.Length > 0)
            {
                low = Math.Min(low, phase.Taps[0].Offset);
                high = Math.Max(high, (count - 1) * phase.InputStep + phase.Taps[^1].Offset);
            }
        }

        return (low, high);
    }

    /// <summary>The number of neighbouring input rows that must be at hand to compute one output row of every phase.</summary>
    public static int Span(ReadOnlySpan<AxisPhase> phases)
    {
        int low = int.MaxValue;
        int high = int.MinValue;
        foreach (AxisPhase phase in phases)
        {
            foreach (Tap tap in phase.Taps)
            {
                low = Math.Min(low, tap.Offset);
                high = Math.Max(high, tap.Offset);
            }
        }

        return high - low + 1;
    }
}
