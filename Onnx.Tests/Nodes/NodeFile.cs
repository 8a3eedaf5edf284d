using System;
using System.Collections.Generic;

namespace Kernels.Onnx.Tests.Nodes;

/// <summary>A test of the suite: <c>model.onnx</c> and <c>test_data_set_0/input_K.pb</c> and <c>output_K.pb</c>.</summary>
internal sealed record NodeFile(string Name)
{
    public Dictionary<string, byte[]> Parts { get; } = new(StringComparer.Ordinal);
}
