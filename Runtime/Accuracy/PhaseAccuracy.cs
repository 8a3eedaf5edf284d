namespace Kernels.Accuracy;

/// <summary>
/// The error of one output phase of a transposed layer: of the pixels whose row and column have given remainders by the stride.
/// Each phase has taps of its own, so quantization can shift phases against each other, which shows as a checkerboard.
/// </summary>
/// <param name="Row">Remainder of the row.</param>
/// <param name="Column">Remainder of the column.</param>
/// <param name="Error">The error of its pixels.</param>
public sealed record PhaseAccuracy(int Row, int Column, ErrorStatistics Error);
