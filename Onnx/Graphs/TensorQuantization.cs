namespace Kernels.Onnx.Graphs;

/// <summary>The scales and zero points of a constant that the file holds as int8 or uint8, or of a bias as int32: real number = (code - zero point) * scale.</summary>
/// <param name="Scales">One for the tensor, or one along the axis.</param>
/// <param name="ZeroPoints">As many; for codes of -128 to 127, to which uint8 is shifted.</param>
/// <param name="Axis">The axis of several scales.</param>
internal sealed record TensorQuantization(float[] Scales, int[] ZeroPoints, int Axis)
{
    public bool IsPerTensor => Scales.Length == 1;

    /// <summary>Whether the codes are int32.</summary>
    public bool IsInt32 { get; init; }
}
