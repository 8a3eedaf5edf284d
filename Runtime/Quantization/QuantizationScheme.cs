namespace Kernels.Quantization;

/// <summary>How a range becomes a scale and a zero point: the second half of PyTorch's <c>qscheme</c>.</summary>
public enum QuantizationScheme
{
    /// <summary>The codes span the range from minimum to maximum; the zero point is where 0 falls.</summary>
    Affine,

    /// <summary>The codes span the range symmetrically around 0; the zero point is 0 for qint8, the middle for quint8.</summary>
    Symmetric,
}
