using Kernels.Generators.Emission;
using Kernels.Generators.Specs;
using Kernels.Layers;
using Kernels.Tool.Explaining;

namespace Kernels.Bench.Subjects;

/// <summary>A kernel as networks get it, by its spec, which may name the functions of a fused epilogue.</summary>
internal static class FusedLayer
{
    /// <summary>The class of the kernel.</summary>
    public static string ClassName(ConvolutionSpec spec) => "Kernels.Generated." + KernelName.Of(LayerSpecs.Of(spec));

    /// <summary>The file of the kernel.</summary>
    public static string Source(ConvolutionSpec spec) => KernelEmitter.Emit(LayerSpecs.Of(spec)).Text;
}
