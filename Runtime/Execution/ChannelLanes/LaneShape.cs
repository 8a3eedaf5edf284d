namespace Kernels.Execution;

/// <summary>The numbers of a panel that unrolled tiles have in their text and loops read.</summary>
/// <param name="Groups">Groups of channels.</param>
/// <param name="GroupChannels">Input channels from one group to the next.</param>
/// <param name="StepChannels">Channels that a step multiplies, in whole units: some weights of the last one may be 0.</param>
/// <param name="Lanes">Output lanes of a group.</param>
/// <param name="Rows">Input rows that a pixel looks at.</param>
/// <param name="RowStep">Distance between them.</param>
/// <param name="Columns">Input columns that a pixel looks at.</param>
/// <param name="ColumnStep">Distance between them.</param>
/// <param name="PixelStride">Channels from one input pixel to the next.</param>
/// <param name="InputStep">Channels from one output pixel's input to the next one's.</param>
/// <param name="OutputStep">Codes from one output pixel to the next.</param>
/// <param name="Leaky">Whether negative values are scaled by the slope; the scalar tier reads it, others have it in their type.</param>
public readonly record struct LaneShape(
    int Groups,
    int GroupChannels,
    int StepChannels,
    int Lanes,
    int Rows,
    int RowStep,
    int Columns,
    int ColumnStep,
    int PixelStride,
    int InputStep,
    int OutputStep,
    bool Leaky);
