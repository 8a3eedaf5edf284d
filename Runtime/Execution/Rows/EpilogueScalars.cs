using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Kernels.Execution;

/// <summary>
/// The scalars of the epilogue that all channels share; see <see cref="Quantization.Requantizer"/>. Machine code reads them at
/// their offsets.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct EpilogueScalars
{
    /// <summary>Lowest result, in steps from the zero point.</summary>
    public float Lower;

    /// <summary>Highest result, in steps from the zero point.</summary>
    public float Upper;

    /// <summary>Factor of negative values, used by LeakyRelu only.</summary>
    public float NegativeSlope;

    /// <summary>Output zero point.</summary>
    public int ZeroPoint;

    /// <summary>For machine code: 4 codes of each of 4 packed accumulators, to all 16 of one after the other.</summary>
    public Vector128<byte> LaneOrder;

    /// <summary>The zero point as two words, for machine code.</summary>
    public uint ZeroPointWords;

    /// <summary>The lowest code, four times.</summary>
    public uint LowestCodes;

    /// <summary>The highest code, four times.</summary>
    public uint HighestCodes;

    /// <summary>Functions of a fused epilogue; 0 where there is none.</summary>
    public int FunctionCount;

    /// <summary>Their constants, in the order of <c>EpilogueProgram</c>; null where there are none.</summary>
    public float* Constants;

    /// <summary>Bytes from an output code to the code of the second input that is added to it; set by the run.</summary>
    public nint Second;

    /// <summary>For PixelLanes: for each code of an output pixel, all phases, where those of the row's pixels lie side by side; set by the run.</summary>
    public byte** SecondPlanes;
}
