using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>A layer as ordinary correlations: the phases of both axes. A phase of the layer is a pair of them.</summary>
internal sealed record LayerGeometry(AxisGeometry Vertical, AxisGeometry Horizontal)
{
    /// <summary>The geometry of a layer.</summary>
    public static LayerGeometry Of(LayerSpec spec) =>
        new(AxisGeometry.Of(spec.Kind, spec.Vertical), AxisGeometry.Of(spec.Kind, spec.Horizontal));
}
