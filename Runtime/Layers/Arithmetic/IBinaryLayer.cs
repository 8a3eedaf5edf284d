using System;

namespace Kernels.Layers;

/// <summary>A layer that joins two inputs.</summary>
/// <typeparam name="T">An element: a float32 value, or a quint8 code.</typeparam>
internal interface IBinaryLayer<T>
    where T : unmanaged
{
    /// <summary>Shape of the output.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    Shape4 OutputShape(Shape4 first, Shape4 second);

    /// <summary>Runs the layer; the output may be the memory of a first input of its shape where the layer works element by element.</summary>
    /// <exception cref="ArgumentException">A span is shorter than its shape, or the shapes do not fit.</exception>
    void Run(ReadOnlySpan<T> first, Shape4 firstShape, ReadOnlySpan<T> second, Shape4 secondShape, Span<T> output);
}

/// <summary>A float layer that joins two inputs and has gradients.</summary>
internal interface IFloatBinaryLayer : IBinaryLayer<float>
{
    /// <summary>Computes every value of the gradients by both inputs.</summary>
    void Backward(FloatTensor first, FloatTensor second, FloatTensor output, FloatTensor outputGradient, FloatTensor firstGradient, FloatTensor secondGradient);
}
