namespace Kernels.Layers;

/// <summary>Which input pixel nearest upsampling takes for a place between two: ONNX's <c>nearest_mode</c>.</summary>
public enum NearestRounding
{
    /// <summary>The one before.</summary>
    Floor,

    /// <summary>The one behind.</summary>
    Ceil,

    /// <summary>The nearer one; of equal ones the one before.</summary>
    RoundPreferFloor,

    /// <summary>The nearer one; of equal ones the one behind.</summary>
    RoundPreferCeil,
}
