namespace Kernels.Generic;

/// <summary>Turns one row of an input image into steps, the form that the register tiles read.</summary>
internal unsafe interface IRowReader
{
    /// <summary>Bytes of one input element.</summary>
    static abstract int InputSize { get; }

    /// <summary>Converts a row.</summary>
    /// <param name="row">The pixels, channels-last.</param>
    /// <param name="steps">Receives <c>width * pixelSteps</c> steps.</param>
    /// <param name="width">Pixels.</param>
    void Read(byte* row, int* steps, int width);
}
