using System;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Tests.Models;

/// <summary>A class as the generator makes it, with the generic kernel in the generated one's place.</summary>
internal abstract class TestLayer(GenericConvolution kernel) : IQuantizedLayer
{
    public QuantizationParameters InputQuantization => kernel.InputQuantization;

    public QuantizationParameters OutputQuantization => kernel.OutputQuantization;

    public Shape4 OutputShape(Shape4 input) => kernel.OutputShape(input);

    public void Run(ReadOnlySpan<byte> input, int batch, int height, int width, Span<byte> output) =>
        kernel.Run(input, batch, height, width, output);
}
