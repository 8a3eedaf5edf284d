using System.Collections.Generic;
using Kernels.Samples.Workloads;

namespace Kernels.Samples.Service;

/// <summary>What the page tells about a result.</summary>
/// <param name="Workload">The name of what computed it.</param>
/// <param name="Output">A picture or boxes.</param>
/// <param name="Width">Of the input, in pixels.</param>
/// <param name="Height">Of the input, in pixels.</param>
/// <param name="Tiles">Tiles computed.</param>
/// <param name="Scale">Pixels of output for one of input.</param>
/// <param name="Sha256">Of the pixels, rows of RGB, or of the boxes.</param>
/// <param name="Model">SHA-256 of the int8 model.</param>
/// <param name="Int8Milliseconds">Time in the int8 network, on one core.</param>
/// <param name="FloatMilliseconds">Time in the float network, on one core, if it ran.</param>
/// <param name="Decibel">PSNR of the int8 picture against the float network's, if that ran; nothing for equal pictures.</param>
/// <param name="WaitMilliseconds">Time in the queue.</param>
/// <param name="TotalMilliseconds">Time from acceptance to the result.</param>
/// <param name="File">The result's file.</param>
/// <param name="Boxes">What was found, if it is boxes.</param>
/// <param name="FloatBoxes">What the float network found, if it ran.</param>
internal sealed record Summary(
    string Workload,
    ResultKind Output,
    int Width,
    int Height,
    int Tiles,
    int Scale,
    string Sha256,
    string Model,
    double Int8Milliseconds,
    double? FloatMilliseconds,
    double? Decibel,
    double WaitMilliseconds,
    double TotalMilliseconds,
    FileSummary File,
    IReadOnlyList<Box>? Boxes,
    IReadOnlyList<Box>? FloatBoxes);

/// <summary>A result's file.</summary>
/// <param name="Url">Where it is, for some minutes.</param>
/// <param name="Name">What to call it.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of the file.</param>
internal sealed record FileSummary(string? Url, string Name, int Bytes, string Sha256);

/// <summary>How far a request is.</summary>
/// <param name="Phase">int8 or float.</param>
/// <param name="Done">Tiles done.</param>
/// <param name="Tiles">Tiles in all.</param>
internal sealed record Progress(string Phase, int Done, int Tiles);
