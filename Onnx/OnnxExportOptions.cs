using System.Collections.Generic;

namespace Kernels.Onnx;

/// <summary>How an ONNX file is written: names and shapes of its ends.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>Name of the input.</summary>
    public string InputName { get; init; } = "input";

    /// <summary>Name of the output.</summary>
    public string OutputName { get; init; } = "output";

    /// <summary>
    /// Dimensions of the input, -1 for those that are open: [N, C], [N, C, L] or [N, C, H, W], as <see cref="OnnxModel.InputShape"/> has them. Nothing for
    /// four, of which all but the channels are open.
    /// </summary>
    public IReadOnlyList<int> InputShape { get; init; } = [];

    /// <summary>The number of dimensions of the output, 2 to 4: of images, those that are 1 can be left out, the last ones for 2, the rows for 3.</summary>
    public int OutputRank { get; init; } = 4;
}
