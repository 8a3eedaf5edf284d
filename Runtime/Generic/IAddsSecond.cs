using System;
using Kernels.Layers;

namespace Kernels.Generic;

/// <summary>A layer that takes the second input of its epilogue, whether it has one or not.</summary>
internal interface IAddsSecond : IQuantizedLayer
{
    /// <summary>Runs the layer; the second input is read only where the epilogue adds it.</summary>
    void Run(ReadOnlySpan<byte> input, ReadOnlySpan<byte> second, int batch, int height, int width, Span<byte> output);
}
