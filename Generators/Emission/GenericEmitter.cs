using Kernels.Generators.Planning;

namespace Kernels.Generators.Emission;

/// <summary>The kernel class of a layer that the runtime's generic kernel runs.</summary>
internal static class GenericEmitter
{
    /// <summary>The packed weights that the kernel reads.</summary>
    public const string PackedType = "PackedGeneric";

    /// <summary>Emits the class.</summary>
    public static void Emit(CodeWriter code, KernelPlan plan)
    {
        code.Open("file static class Kernel");
        KernelFrame.EmitSpec(code, plan.Spec);
        code.Lines($"""
            // This shape needs more code than a file may have: the runtime's generic kernel runs it, to the same bytes.
            public static readonly ConvolutionSpec Layout = Spec;

            """);
        MachineCodeEmitter.Emit(code, plan.Spec, [], permutesBytes: false);
        code.Line($"public static void Run({PackedType} packed, ReadOnlySpan<byte> input, {KernelFrame.SecondParameter(plan.Spec)}int batch, int height, int width, Span<byte> output) =>");
        code.Line(plan.Spec.HasSecond ? "    packed.Run(input, second, batch, height, width, output);" : "    packed.Kernel.Run(input, batch, height, width, output);");
        code.Close();
    }
}
