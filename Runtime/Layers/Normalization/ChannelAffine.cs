using System;
using System.Numerics;

namespace Kernels.Layers;

/// <summary><c>x * alpha + beta</c> with constants for each channel, repeated until they fill blocks that vectors like.</summary>
internal sealed class ChannelAffine
{
    private const int LeastBlock = 512;

    private readonly float[] _alpha;
    private readonly float[] _beta;

    public ChannelAffine(ReadOnlySpan<float> alpha, ReadOnlySpan<float> beta)
    {
        int repeats = (LeastBlock + alpha.Length - 1) / alpha.Length;
        _alpha = new float[alpha.Length * repeats];
        _beta = new float[alpha.Length * repeats];
        Broadcasting.Repeat(alpha, _alpha.AsSpan());
        Broadcasting.Repeat(beta, _beta.AsSpan());
    }

    /// <summary>Elements of a block: a whole number of pixels.</summary>
    public int Block => _alpha.Length;

    /// <summary>Applies the constants to pixels.</summary>
    public void Run(ReadOnlySpan<float> input, Span<float> output)
    {
        for (int i = 0; i < input.Length; i += Block)
        {
            int count = Math.Min(Block, input.Length - i);
            Apply(input.Slice(i, count), output.Slice(i, count));
        }
    }

    /// <summary>Multiplies pixels by alpha: the gradient.</summary>
    public void RunGradient(ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        for (int i = 0; i < outputGradient.Length; i += Block)
        {
            int count = Math.Min(Block, outputGradient.Length - i);
            Scale(outputGradient.Slice(i, count), inputGradient.Slice(i, count));
        }
    }

    /// <summary>Applies the constants to at most a block that starts with channel 0. Input and output may be the same.</summary>
    public void Apply(ReadOnlySpan<float> input, Span<float> output)
    {
        int i = 0;
        for (; i <= input.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> product = new Vector<float>(input[i..]) * new Vector<float>(_alpha, i);
            (product + new Vector<float>(_beta, i)).CopyTo(output[i..]);
        }

        for (; i < input.Length; i++)
        {
            float product = input[i] * _alpha[i];
            output[i] = product + _beta[i];
        }
    }

    /// <summary>Multiplies at most a block that starts with channel 0 by alpha. Input and output may be the same.</summary>
    private void Scale(ReadOnlySpan<float> input, Span<float> output)
    {
        int i = 0;
        for (; i <= input.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (new Vector<float>(input[i..]) * new Vector<float>(_alpha, i)).CopyTo(output[i..]);
        }

        for (; i < input.Length; i++)
        {
            output[i] = input[i] * _alpha[i];
        }
    }
}
