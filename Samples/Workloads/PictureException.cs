using System;

namespace Kernels.Samples.Workloads;

/// <summary>Why a file was refused.</summary>
internal enum PictureFault
{
    /// <summary>It is of no format that is read here.</summary>
    Unknown,

    /// <summary>It has more pixels than allowed.</summary>
    TooLarge,

    /// <summary>It is damaged or incomplete.</summary>
    Damaged,
}

/// <summary>A file that is not taken as a picture; the message is one sentence for whoever sent it.</summary>
internal sealed class PictureException(PictureFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public PictureFault Fault { get; } = fault;
}
