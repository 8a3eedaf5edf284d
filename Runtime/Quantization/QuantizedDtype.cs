namespace Kernels.Quantization;

/// <summary>The 8-bit types of codes, with PyTorch's names.</summary>
public enum QuantizedDtype
{
    /// <summary>Unsigned, 0 to 255: PyTorch's type of activations.</summary>
    Quint8,

    /// <summary>Signed, -128 to 127: PyTorch's type of weights.</summary>
    Qint8,
}
