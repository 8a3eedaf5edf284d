using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Kernels.Layers;

namespace Kernels.Models.Running;

/// <summary>
/// Has generated kernels compiled while their model is still being made: each runs once over a small image on the thread pool, so that other cores than
/// the caller's do what its first run would wait for. Programs that are compiled ahead need none of it.
/// </summary>
internal static class KernelWarmup
{
    // Output columns of the image: more than the widest tile has, so that all that rows call is called.
    private const int Columns = 72;

    // What is computed is thrown away: no more than some milliseconds of it.
    private const long MostWork = 200_000_000;

    // Kernels that were run, by their types; classes of an assembly that is unloaded go with it.
    private static readonly ConditionalWeakTable<Type, object> Begun = [];

    /// <summary>Begins, unless it was begun for a layer of the type, and returns at once.</summary>
    /// <param name="step">The layer.</param>
    /// <param name="spec">Its shape.</param>
    public static void Begin(Operator step, ConvolutionSpec spec)
    {
        IQuantizedLayer? layer = step switch
        {
            QuantizedOperator one => one.Layer,
            ResidualOperator two => two.Layer,
            _ => null,
        };
        if (layer is null || !RuntimeFeature.IsDynamicCodeCompiled || Environment.ProcessorCount == 1 || !Begun.TryAdd(layer.GetType(), Begun))
        {
            return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static work => Run(work.Layer, work.Spec), (Layer: layer, Spec: spec), preferLocal: false);
    }

    // The size that the layer was made for; else one with a few rows of output.
    private static Shape4 Input(ConvolutionSpec spec)
    {
        int columns = spec.Kind == ConvolutionKind.Conv2d ? Columns * spec.StrideWidth : Columns;
        return new Shape4(
            1,
            spec.InChannels,
            spec.InputHeight > 0 ? spec.InputHeight : (int)spec.Vertical.Extent + spec.StrideHeight,
            spec.InputWidth > 0 ? spec.InputWidth : (int)spec.Horizontal.Extent + columns);
    }

    private static void Run(IQuantizedLayer layer, ConvolutionSpec spec)
    {
        try
        {
            Shape4 input = Input(spec);
            Shape4 output = spec.OutputShape(input);
            long taps = (long)spec.KernelHeight * spec.KernelWidth * (spec.InChannels / spec.Groups);
            if (taps * output.Count > MostWork)
            {
                return;
            }

            var codes = new byte[input.Count];
            var result = new byte[output.Count];
            if (layer is IResidualLayer residual)
            {
                residual.Run(codes, new byte[output.Count], 1, input.H, input.W, result);
            }
            else
            {
                layer.Run(codes, 1, input.H, input.W, result);
            }
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or OutOfMemoryException or NotSupportedException)
        {
            // The image is too small, where a transposed layer's padding cuts all of it off. Or the class is a user's own, none of the generator's: the run
            // that counts will say what is wrong with it.
        }
    }
}
