namespace Kernels.Quantization;

/// <summary>Whose arithmetic a converted model follows where PyTorch and ONNX Runtime differ in the last bit.</summary>
public enum Int8Arithmetic
{
    /// <summary>A real number becomes codes by its product with the inverse scale, <c>round_half_even(x * (1 / scale))</c>.</summary>
    PyTorch,

    /// <summary>
    /// A real number becomes codes by division, <c>round_half_even(x / scale)</c>, as ONNX defines QuantizeLinear, and a bias is a whole number of the steps that sums
    /// of products have, as ONNX Runtime adds it.
    /// </summary>
    OnnxRuntime,
}
