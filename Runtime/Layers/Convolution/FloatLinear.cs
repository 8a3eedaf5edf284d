using System;

namespace Kernels.Layers;

/// <summary>
/// The float32 Linear: PyTorch's <c>nn.Linear</c>. Features are channels; every pixel of every image is a row of its own, so
/// <c>[n, features, 1, 1]</c> is PyTorch's <c>[n, features]</c>.
/// </summary>
public sealed class FloatLinear : IFloatLayer
{
    private const int Portion = 256;

    private readonly FloatConvolution _convolution;

    /// <summary>Packs weights.</summary>
    /// <param name="weight">Weights of shape <c>[out, in, 1, 1]</c>.</param>
    /// <param name="bias">Bias, one an output feature; empty for none.</param>
    /// <param name="activation">The fused activation.</param>
    /// <exception cref="ArgumentException">Weight or bias do not fit.</exception>
    public FloatLinear(FloatWeight weight, ReadOnlySpan<float> bias, Activation activation = Activation.None)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ConvolutionSpec spec = ConvolutionSpecs.Linear(weight.Shape.C, weight.Shape.N, !bias.IsEmpty, activation);
        _convolution = new FloatConvolution(spec, weight, bias);
    }

    /// <inheritdoc/>
    public Shape4 OutputShape(Shape4 input) => _convolution.OutputShape(input);

    /// <summary>Runs the layer over a tensor.</summary>
    /// <param name="input">The input.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">The shape of the input does not fit the layer.</exception>
    public FloatTensor Forward(FloatTensor input) => LayerForward.Run(this, input);

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<float> input, int batch, int height, int width, Span<float> output)
    {
        var from = new Shape4(batch, _convolution.Spec.InChannels, height, width);
        Shape4 to = OutputShape(from);
        RunArguments.Check(from, input, to, output);

        // Rows side by side, so that they share the register tile and each weight is loaded once for several of them; in portions,
        // so that the scratch memory does not grow with the batch.
        int rows = from.Count / from.C;
        for (int first = 0; first < rows; first += Portion)
        {
            int count = Math.Min(Portion, rows - first);
            _convolution.Run(input.Slice(first * from.C, count * from.C), 1, 1, count, output.Slice(first * to.C, count * to.C));
        }
    }
}
