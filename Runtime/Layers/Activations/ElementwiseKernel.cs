using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using Kernels.Execution;

namespace Kernels.Layers;

/// <summary>Applies a float function to spans: a vector at a time, on several threads where there are many.</summary>
internal abstract class ElementwiseKernel
{
    /// <summary>The kernel of a function.</summary>
    public static ElementwiseKernel Of<TFunction>(TFunction function)
        where TFunction : struct, IElementwiseFunction => new ElementwiseKernel<TFunction>(function);

    /// <summary>Applies the function.</summary>
    public abstract void Run(ReadOnlySpan<float> input, Span<float> output);

    /// <summary>Multiplies the gradient by the function's derivative.</summary>
    public abstract void RunGradient(ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient);
}

/// <inheritdoc/>
internal sealed unsafe class ElementwiseKernel<TFunction>(TFunction function) : ElementwiseKernel
    where TFunction : struct, IElementwiseFunction
{
    // Elements that a thread claims at once: a multiple of every vector.
    private const int Chunk = 8192;

    public override void Run(ReadOnlySpan<float> input, Span<float> output)
    {
        int chunks = (input.Length + Chunk - 1) / Chunk;
        fixed (float* from = input, to = output)
        {
            RowTeam<Chunks>.Run(new Chunks(function, from, to, input.Length), chunks, KernelThreads.For((long)input.Length * TFunction.Work));
        }
    }

    public override void RunGradient(ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        for (int i = 0; i < input.Length; i += Vector<float>.Count)
        {
            Vector<float> derivative = function.Derivative(PaddedLanes.Load(input[i..]), PaddedLanes.Load(output[i..]));
            PaddedLanes.Store(derivative * PaddedLanes.Load(outputGradient[i..]), inputGradient[i..]);
        }
    }

    // The rest of the span goes through a padded vector, so an element's position never matters.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map(TFunction function, ReadOnlySpan<float> input, Span<float> output)
    {
        int i = 0;
        for (; i <= input.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            function.Of(new Vector<float>(input[i..])).CopyTo(output[i..]);
        }

        if (i < input.Length)
        {
            PaddedLanes.Store(function.Of(PaddedLanes.Load(input[i..])), output[i..]);
        }
    }

    private readonly struct Chunks(TFunction function, float* input, float* output, int length) : IRowKernel
    {
        public void Run(int first, int end)
        {
            int start = first * Chunk;
            int count = (int)Math.Min((long)end * Chunk, length) - start;
            Map(function, new ReadOnlySpan<float>(input + start, count), new Span<float>(output + start, count));
        }
    }
}
