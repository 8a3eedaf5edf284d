using System;

namespace Kernels.Layers;

/// <summary>Base of the float layers that join two inputs element by element.</summary>
public abstract class FloatBinaryLayer : BinaryElementwise<float>
{
    private protected FloatBinaryLayer()
    {
    }

    /// <summary>Runs the layer over tensors.</summary>
    /// <param name="first">The first input.</param>
    /// <param name="second">The second input, of the same shape, or with height and width 1.</param>
    /// <returns>A new tensor of the first input's shape.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public FloatTensor Forward(FloatTensor first, FloatTensor second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var output = new FloatTensor(first.Shape);
        Run(first.Data, first.Shape, second.Data, second.Shape, output.Data);
        return output;
    }
}
