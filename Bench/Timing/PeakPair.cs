namespace Kernels.Bench.Timing;

/// <summary>The instructions whose throughput limits a kernel.</summary>
internal enum PeakPair
{
    /// <summary>vpmaddubsw, vpmaddwd, vpaddd: 4 products a lane.</summary>
    Bytes,

    /// <summary>vpmaddwd, vpaddd, or on Arm64 smull, smull2, addp and add: 2 products a lane.</summary>
    Words,

    /// <summary>vpdpbusd as AVX-VNNI has it, 256 bits: 4 products a lane.</summary>
    Dot256,

    /// <summary>vpdpbusd as AVX-512 VNNI has it, 512 bits, in machine code: 4 products a lane.</summary>
    Dot512,

    /// <summary>sdot of Arm64: 4 products a lane.</summary>
    Sdot,

    /// <summary>smull, smull2, addp and sadalp of Arm64 on bytes: 4 products a lane.</summary>
    Smull,
}
