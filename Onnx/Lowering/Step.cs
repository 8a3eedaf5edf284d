using Kernels.Quantization;

namespace Kernels.Onnx.Lowering;

/// <summary>A step of an imported network.</summary>
/// <param name="Name">A name of its own.</param>
/// <param name="Operation">What it computes.</param>
/// <param name="Inputs">What it reads: 0 for the network's input, 1 for the first step's output, and so on.</param>
/// <param name="Shape">Shape of its output for the input size that the import was made with.</param>
/// <param name="Node">The ONNX node that it comes from, or the last of several.</param>
internal sealed record Step(string Name, Operation Operation, int[] Inputs, Shape4 Shape, string Node)
{
    /// <summary>Scale and zero point of the output as quint8, where the file says them.</summary>
    public QuantizationParameters? Parameters { get; init; }
}
