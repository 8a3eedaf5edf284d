namespace Kernels.Accuracy;

/// <summary>What the model's output gains when one layer stays float.</summary>
/// <param name="Name">The layer.</param>
/// <param name="Type">PyTorch's name of its type.</param>
/// <param name="Output">The error of the model's output with this layer in float and all others as prepared.</param>
/// <param name="Gain">How many dB its SQNR is above that of the model with every layer as prepared.</param>
public sealed record LayerSensitivity(string Name, string Type, ErrorStatistics Output, double Gain);
