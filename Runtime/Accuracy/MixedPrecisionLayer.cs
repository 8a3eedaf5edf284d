namespace Kernels.Accuracy;

/// <summary>A layer that was tried in float, with those before it that were kept there.</summary>
/// <param name="Name">The layer.</param>
/// <param name="Type">PyTorch's name of its type.</param>
/// <param name="Sqnr">SQNR of the model's output in dB.</param>
/// <param name="Time">Time of a run over that of the model with every layer as prepared.</param>
/// <param name="StaysFloat">Whether it is worth it.</param>
public sealed record MixedPrecisionLayer(string Name, string Type, double Sqnr, double Time, bool StaysFloat);
