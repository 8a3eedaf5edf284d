using Kernels.Generators.Planning;

namespace Kernels.Generators.Emission;

/// <summary>The kernel class of a layer that the runtime's generic kernel runs.</summary>
internal static class GenericEmitter
{
    /// <summary>The packed weights that the kernel reads.</summary>
    public const string PackedType = "PackedGeneric";

    /// <summary>Emits the members of the kernel class.</summary>
    public static void Emit(CodeWriter code, KernelPlan plan)
    {
        if (plan.Spec.HasSecond)
        {
            KernelFrame.EmitRunWithout(code);
        }

        code.Lines($"""
            /// <inheritdoc/>
            public void Run(ReadOnlySpan<byte> input, {KernelFrame.SecondParameter(plan.Spec)}int batch, int height, int width, Span<byte> output) =>
                {(plan.Spec.HasSecond ? "_packed.Run(input, second, batch, height, width, output)" : "_packed.Kernel.Run(input, batch, height, width, output)")};

            """);
        KernelFrame.EmitMembers(code, plan, PackedType);
        code.Lines("""
            // This shape needs more code than a file may have: the runtime's generic kernel runs it, to the same bytes.
            private static ConvolutionSpec Layout => Spec;

            """);
        MachineCodeEmitter.Emit(code, plan, [], permutesBytes: false);
    }
}
