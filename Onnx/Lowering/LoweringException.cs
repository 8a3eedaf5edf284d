using System;

namespace Kernels.Onnx.Lowering;

/// <summary>Why a node cannot be imported; the importer collects these for all nodes.</summary>
/// <param name="reason">The reason, as the end of a sentence.</param>
internal sealed class LoweringException(string reason) : Exception(reason);
