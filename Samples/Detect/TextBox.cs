namespace Kernels.Samples.Detect;

/// <summary>A piece of text that was found.</summary>
/// <param name="Outline">Where.</param>
/// <param name="Score">How likely it is text: the mean probability of its pixels.</param>
internal readonly record struct TextBox(RotatedBox Outline, double Score);
