namespace Kernels.Generic;

/// <summary>
/// A run of steps that is contiguous in the row buffers and in the packed weights: one tap, or a row of neighbouring taps.
/// </summary>
/// <param name="Input">Offset in steps from the first output pixel's position in the row buffers.</param>
/// <param name="Weight">Offset in steps from the block's first weight, in units of one vector block.</param>
/// <param name="Steps">Steps in the run.</param>
internal readonly record struct Segment(nint Input, nint Weight, int Steps);
