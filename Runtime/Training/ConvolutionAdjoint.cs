using System;
using Kernels.Layers;

namespace Kernels.Training;

/// <summary>
/// The gradient by the input: convolving with the same weights the other way round. Conv2d's adjoint is ConvTranspose2d and
/// the reverse, and PyTorch's weight orders make the weights of one those of the other, unchanged.
/// </summary>
internal static class ConvolutionAdjoint
{
    /// <summary>The layer that maps gradients by the output to gradients by the input.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="input">Shape of its input.</param>
    /// <returns>The adjoint. A transposed layer's may have rows or columns too many at the end, when output padding reaches the stride.</returns>
    public static ConvolutionSpec Of(ConvolutionSpec spec, Shape4 input)
    {
        bool isTransposed = spec.Kind == ConvolutionKind.ConvTranspose2d;
        ConvolutionSpec adjoint = spec with
        {
            Kind = isTransposed ? ConvolutionKind.Conv2d : ConvolutionKind.ConvTranspose2d,
            InChannels = spec.OutChannels,
            OutChannels = spec.InChannels,
            OutputPaddingHeight = 0,
            OutputPaddingWidth = 0,
            HasBias = false,
            Activation = Activation.None,
        };

        // What a strided convolution left over at the end of its input gets no gradient, but belongs to the shape.
        return isTransposed
            ? adjoint
            : adjoint with
            {
                OutputPaddingHeight = input.H - adjoint.OutputHeight(spec.OutputHeight(input.H)),
                OutputPaddingWidth = input.W - adjoint.OutputWidth(spec.OutputWidth(input.W)),
            };
    }

    /// <summary>Computes the gradient by the input.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="weight">Its weights.</param>
    /// <param name="outputGradient">The gradient by its output.</param>
    /// <param name="inputGradient">Receives the gradient by its input.</param>
    public static void Run(ConvolutionSpec spec, FloatWeight weight, FloatTensor outputGradient, FloatTensor inputGradient)
    {
        Shape4 from = outputGradient.Shape;
        Shape4 to = inputGradient.Shape;
        var adjoint = new FloatConvolution(Of(spec, to), weight, default);
        Shape4 computed = adjoint.OutputShape(from);
        if (computed == to)
        {
            adjoint.Run(outputGradient.Data, from.N, from.H, from.W, inputGradient.Data);
            return;
        }

        var larger = new FloatTensor(computed);
        adjoint.Run(outputGradient.Data, from.N, from.H, from.W, larger.Data);
        int row = to.W * to.C;
        for (int i = 0; i < to.N * to.H; i++)
        {
            (int n, int y) = Math.DivRem(i, to.H);
            larger.Data.Slice((n * computed.H + y) * computed.W * to.C, row).CopyTo(inputGradient.Data.Slice(i * row, row));
        }
    }
}
