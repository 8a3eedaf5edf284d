using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>Generic: the runtime's kernel for any shape, packed at run time. What a layer gets that no other dataflow can spell out.</summary>
/// <param name="Dots">See <see cref="DataflowPlan"/>.</param>
internal sealed record GenericPlan(double Dots) : DataflowPlan(Dots)
{
    // Words instead of bytes, everything looped: measured against ChannelLanes.
    private const double Overhead = 3;

    /// <inheritdoc/>
    public override string Loops => "it needs more code than a file may have, so the runtime's generic kernel runs it";

    /// <summary>Plans a layer: every tap multiplies vectors of 16 output channels, or of 16 groups in a depthwise layer.</summary>
    public static GenericPlan Of(LayerSpec spec)
    {
        double taps = (double)spec.Vertical.Kernel * spec.Horizontal.Kernel;
        double dots = spec.GroupInputs == 1 && spec.GroupOutputs == 1
            ? taps * ((spec.OutChannels + 15) / 16)
            : taps * ((spec.GroupInputs + 3) / 4) * ((spec.GroupOutputs + 15) / 16) * spec.Groups;
        return new GenericPlan(Overhead * 16 * dots);
    }
}
