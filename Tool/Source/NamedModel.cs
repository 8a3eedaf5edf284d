using Kernels.Models;
using Kernels.Onnx;

namespace Kernels.Tool.Source;

/// <summary>A network whose layers are named as `kernels import` names them.</summary>
internal static class NamedModel
{
    /// <summary>The network in float32; with the file's own names where it cannot be written as source.</summary>
    public static FloatModel Of(OnnxModel onnx)
    {
        try
        {
            return new SourceWriter(onnx.Network, "Networks", "Network", "", "", hasSize: false).Model();
        }
        catch (ToolException)
        {
            return onnx.Float;
        }
    }
}
