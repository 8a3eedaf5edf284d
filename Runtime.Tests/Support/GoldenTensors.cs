using System.Collections.Generic;
using Kernels.Quantization;

namespace Kernels.Tests.Support;

/// <summary>Reads quantized tensors of golden cases.</summary>
internal static class GoldenTensors
{
    /// <summary>The parameters <c>NAME_scale</c> and <c>NAME_zero_point</c>.</summary>
    public static QuantizationParameters Quantization(this GoldenCase golden, string name) =>
        new(golden.Float(name + "_scale"), golden.Int(name + "_zero_point"));

    /// <summary>A four-dimensional tensor in NCHW order.</summary>
    public static QuantizedTensor Quantized(this GoldenCase golden, string name, QuantizationParameters quantization)
    {
        IReadOnlyList<int> shape = golden.Tensor(name).Shape;
        return QuantizedTensor.FromNchw(new Shape4(shape[0], shape[1], shape[2], shape[3]), quantization, golden.Tensor(name).ToBytes());
    }
}
