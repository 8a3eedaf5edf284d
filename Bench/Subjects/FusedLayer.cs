using System.Linq;
using Kernels.Fusion;
using Kernels.Generators.Emission;
using Kernels.Generators.Specs;
using Kernels.Layers;

namespace Kernels.Bench.Subjects;

/// <summary>A kernel as networks get it, by its spec, which may name the functions of a fused epilogue.</summary>
internal static class FusedLayer
{
    /// <summary>The class of the kernel.</summary>
    public static string ClassName(ConvolutionSpec spec) => "Kernels.Generated." + KernelName.Of(Layer(spec));

    /// <summary>The file of the kernel.</summary>
    public static string Source(ConvolutionSpec spec) => KernelEmitter.Emit(Layer(spec)).Text;

    private static LayerSpec Layer(ConvolutionSpec spec) => new(
        (LayerKind)spec.Kind,
        spec.InChannels,
        spec.OutChannels,
        new(spec.KernelHeight, spec.StrideHeight, spec.PaddingHeight, spec.OutputPaddingHeight, spec.DilationHeight, spec.InputHeight),
        new(spec.KernelWidth, spec.StrideWidth, spec.PaddingWidth, spec.OutputPaddingWidth, spec.DilationWidth, spec.InputWidth),
        spec.Groups,
        spec.HasBias,
        (ActivationKind)spec.Activation,
        spec.NegativeSlope,
        spec.WeightScheme == WeightScheme.PerChannel,
        Epilogue: new([.. spec.Epilogue.Select(function => (FusedFunction)function)]));
}
