using System.Linq;
using Kernels.Fusion;
using Kernels.Generators.Specs;
using Kernels.Geometry;
using Kernels.Layers;

namespace Kernels.Tool.Explaining;

/// <summary>Layers of a model as the generator's planner knows them.</summary>
internal static class LayerSpecs
{
    /// <summary>The planner's record of a layer.</summary>
    /// <param name="spec">The layer.</param>
    public static LayerSpec Of(ConvolutionSpec spec) => new(
        Kind: spec.Kind == ConvolutionKind.Conv2d ? LayerKind.Conv2d : LayerKind.ConvTranspose2d,
        InChannels: spec.InChannels,
        OutChannels: spec.OutChannels,
        Vertical: new AxisSpec(spec.KernelHeight, spec.StrideHeight, spec.PaddingHeight, spec.OutputPaddingHeight, spec.DilationHeight, spec.InputHeight),
        Horizontal: new AxisSpec(spec.KernelWidth, spec.StrideWidth, spec.PaddingWidth, spec.OutputPaddingWidth, spec.DilationWidth, spec.InputWidth),
        Groups: spec.Groups,
        HasBias: spec.HasBias,
        Activation: (ActivationKind)spec.Activation,
        NegativeSlope: spec.NegativeSlope,
        PerChannelWeights: spec.WeightScheme == WeightScheme.PerChannel,
        Epilogue: new([.. Enumerable.Range(0, spec.Epilogue.Count).Select(i => (FusedFunction)spec.Epilogue[i])]));
}
