using System;
using System.Linq;
using Kernels.Generators.Emission;
using Kernels.Generators.Specs;
using Kernels.Layers;

namespace Kernels.Generators.Tests.Support;

/// <summary>Layers with a fused epilogue, which no attribute asks for: what the generator emits for their specs.</summary>
internal static class FusedSource
{
    /// <summary>The files of a class <c>Layers.L{index}</c>.</summary>
    public static string[] Of(ConvolutionSpec spec, int index)
    {
        string name = FormattableString.Invariant($"L{index}");
        var type = new TypeSpec("Layers", default, name, "partial class " + name, "Layers." + name);
        return [$"namespace Layers; public partial class {name};", LayerEmitter.Emit(new AnnotatedLayer(type, Layer(spec)))];
    }

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
        Epilogue: new([.. spec.Epilogue.Select(function => (EpilogueKind)function)]));
}
