using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Emission;
using Kernels.Generators.Specs;
using Kernels.Layers;

namespace Kernels.Generators.Tests.Support;

/// <summary>Kernels with a fused epilogue, which no attribute asks for: what the generator emits for their specs.</summary>
internal static class FusedSource
{
    /// <summary>The files of the kernels: one for all equal specs.</summary>
    public static IEnumerable<string> Of(IEnumerable<ConvolutionSpec> specs) => specs
        .Where(spec => !spec.Epilogue.IsNone)
        .Select(Layer)
        .Distinct()
        .Select(layer => KernelEmitter.Emit(layer).Text);

    /// <summary>The class of a kernel.</summary>
    public static string ClassName(ConvolutionSpec spec) => "Kernels.Generated." + KernelName.Of(Layer(spec));

    /// <summary>The generator's twin of a spec.</summary>
    public static LayerSpec Layer(ConvolutionSpec spec) => new(
        (LayerKind)spec.Kind,
        spec.InChannels,
        spec.OutChannels,
        new AxisSpec(spec.KernelHeight, spec.StrideHeight, spec.PaddingHeight, spec.OutputPaddingHeight, spec.DilationHeight, spec.InputHeight),
        new AxisSpec(spec.KernelWidth, spec.StrideWidth, spec.PaddingWidth, spec.OutputPaddingWidth, spec.DilationWidth, spec.InputWidth),
        spec.Groups,
        spec.HasBias,
        (ActivationKind)spec.Activation,
        spec.NegativeSlope,
        spec.WeightScheme == WeightScheme.PerChannel,
        Epilogue: new([.. spec.Epilogue.Select(function => (FusedFunction)function)]));
}
