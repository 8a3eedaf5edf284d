namespace Kernels.Layers;

/// <summary>How GELU is computed: PyTorch's <c>approximate</c>.</summary>
public enum GeluApproximation
{
    /// <summary>As defined, with the error function: PyTorch's <c>"none"</c>.</summary>
    None,

    /// <summary>With a hyperbolic tangent: PyTorch's <c>"tanh"</c>.</summary>
    Tanh,
}
