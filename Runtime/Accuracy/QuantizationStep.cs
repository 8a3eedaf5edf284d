using System.Collections.Generic;

namespace Kernels.Accuracy;

/// <summary>How well a model does when it is quantized in a way.</summary>
/// <param name="Name">The way.</param>
/// <param name="Sqnr">Signal of the float output over the difference, in decibel.</param>
/// <param name="Psnr">Range of the float output over the difference, in decibel.</param>
public sealed record QuantizationStep(string Name, double Sqnr, double Psnr)
{
    /// <summary>Every layer, in the order in which they run.</summary>
    public IReadOnlyList<LayerAccuracy> Layers { get; init; } = [];
}
