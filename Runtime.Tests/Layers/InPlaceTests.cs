using System;
using Kernels.Layers;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Layers;

public class InPlaceTests
{
    private static readonly QuantizationParameters First = new(0.02f, 120), Second = new(0.05f, 3), Output = new(0.04f, 90);

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    [InlineData(4097)]
    public void What_is_written_over_its_input_equals_what_is_written_elsewhere(int length)
    {
        var first = new byte[length];
        var second = new byte[length];
        new Random(length).NextBytes(first);
        new Random(length + 1).NextBytes(second);
        var shape = new Shape4(1, 1, 1, length);
        QuantizedBinaryLayer[] layers = [new QuantizedAdd(First, Second, Output), new QuantizedMul(First, Second, Output), new QuantizedSub(First, Second, Output)];
        foreach (QuantizedBinaryLayer layer in layers)
        {
            var expected = new byte[length];
            layer.Run(first, shape, second, shape, expected);
            byte[] overFirst = [.. first], overSecond = [.. second];
            layer.Run(overFirst, shape, second, shape, overFirst);
            layer.Run(first, shape, overSecond, shape, overSecond);
            Assert.Equal(expected, overFirst);
            Assert.Equal(expected, overSecond);
        }

        var table = new LookupTable(First, Output, static x => x * x);
        var lookedUp = new byte[length];
        table.Apply(first, lookedUp);
        table.Apply(first, first);
        Assert.Equal(lookedUp, first);
    }
}
