using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text.Json;
using Kernels.Samples.Upscale;

namespace Kernels.Samples.Workloads;

/// <summary>What a workload gives.</summary>
internal enum ResultKind
{
    /// <summary>A picture.</summary>
    Picture,

    /// <summary>Boxes around what was found.</summary>
    Boxes,
}

/// <summary>A quadrilateral around something found, in pixels of the input picture, corner after corner.</summary>
/// <param name="Corners">x and y of four corners, clockwise from the upper left.</param>
/// <param name="Score">How sure the detector is, 0 to 1.</param>
internal sealed record Box(float[] Corners, float Score);

/// <summary>What a workload gave for a tile or a picture.</summary>
internal abstract record Result
{
    /// <summary>Of a result's file.</summary>
    public abstract string ContentType { get; }

    /// <summary>Of a result's file, with its dot.</summary>
    public abstract string Extension { get; }

    /// <summary>Lower-case hexadecimal SHA-256 of what was computed: the rows of pixels, three bytes each, or the boxes as JSON.</summary>
    public abstract string Sha256 { get; }

    /// <summary>The result as a file.</summary>
    public abstract byte[] Encode();

    /// <summary>Lower-case hexadecimal SHA-256.</summary>
    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

/// <summary>A picture.</summary>
internal sealed record PictureResult(Picture Picture) : Result
{
    public override string ContentType => "image/png";

    public override string Extension => ".png";

    public override string Sha256 => Hash(Picture.Pixels);

    public override byte[] Encode() => PictureCodec.Encode(Picture);
}

/// <summary>Boxes.</summary>
internal sealed record BoxesResult(IReadOnlyList<Box> Boxes) : Result
{
    public override string ContentType => "application/json";

    public override string Extension => ".json";

    public override string Sha256 => Hash(Encode());

    public override byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(Boxes, JsonSerializerOptions.Web);
}
