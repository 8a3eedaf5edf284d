using System;
using System.Linq;
using System.Runtime.Intrinsics;
using Iced.Intel;
using Kernels.Execution;
using Kernels.Generators.Emission;
using Kernels.Generators.Tests.Support;
using Kernels.Packing;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace Kernels.Generators.Tests;

/// <summary>Kernels for instructions that this CPU may lack, with a model of the instruction: everything but the instruction itself.</summary>
public class ModelledInstructionTests
{
    private const int Lanes = 8;

    [Fact]
    public void Kernels_with_vpdpbusd_of_AvxVnni_equal_the_plain_formula() => AssertEqual(InstructionModel.AvxVnni, "random", "7", "12");

    [Fact]
    public void Kernels_with_vpdpbusd_of_AvxVnni_give_PyTorchs_bytes() => AssertEqual(InstructionModel.AvxVnni, "golden", "ConvTranspose2d");

    [Fact]
    public void Kernels_with_sdot_equal_the_plain_formula() => AssertEqual(InstructionModel.Dp, "random", "7", "12");

    [Fact]
    public void Strided_kernels_with_sdot_equal_the_plain_formula() => AssertEqual(InstructionModel.Dp, "strided", "7", "12");

    [Theory]
    [InlineData("random", "7", "24")]
    [InlineData("depthwise", "7", "24")]
    [InlineData("merged", "7", "8")]
    [InlineData("strided", "7", "8")]
    [InlineData("fused", "7", "16")]
    [InlineData("golden", "ConvTranspose2d", "")]
    public void Kernels_of_machine_code_equal_the_plain_formula(string suite, string first, string count) =>
        AssertEqual(InstructionModel.MachineCode, count.Length == 0 ? [suite, first] : [suite, first, count]);

    [Fact]
    public void Depthwise_kernels_with_sdot_equal_the_plain_formula() => AssertEqual(InstructionModel.Dp, "depthwise", "7", "12");

    [Fact]
    public void Depthwise_kernels_with_smull_equal_the_plain_formula() => AssertEqual(InstructionModel.AdvSimd, "depthwise", "7", "12");

    [Fact]
    public void Depthwise_kernels_with_vpdpbusd_of_AvxVnni_equal_the_plain_formula() => AssertEqual(InstructionModel.AvxVnni, "depthwise", "7", "12");

    [Fact]
    public void Kernels_with_smull_equal_the_plain_formula() => AssertEqual(InstructionModel.AdvSimd, "random", "7", "12");

    [Fact]
    public void Kernels_that_merge_the_taps_of_a_row_recentre_activations_too() => AssertEqual(InstructionModel.AdvSimd, "merged", "7", "12");

    [MachineCodeFact]
    public unsafe void The_model_of_vpdpbusd_is_what_this_CPU_computes_on_256_bits()
    {
        // AVX-512 VNNI has the same instruction in another encoding: sums in, activations, weights, sums out.
        var c = new Assembler(64);
        c.mov(rcx, rdi);
        c.vmovdqu32(ymm16, __[rcx]);
        c.vmovdqu32(ymm17, __[rcx + 32]);
        c.evex.vpdpbusd(ymm16, ymm17, __[rcx + 64]);
        c.vmovdqu32(__[rcx + 96], ymm16);
        c.ret();
        MachineCode code = MachineCode.Load(MachineTile.Assemble("Step", c).Bytes);
        var random = new Random(1);
        int* operands = stackalloc int[4 * Lanes];
        for (int i = 0; i < 1000; i++)
        {
            random.NextBytes(new Span<byte>(operands, 3 * Lanes * sizeof(int)));
            ((delegate* unmanaged[SuppressGCTransition]<int*, void>)code.Entry(0))(operands);

            Vector256<int> sums = ModelledVpdpbusd.Step(
                Vector256.Load(operands), Vector256.Load(operands + Lanes), Vector256.Load(operands + 2 * Lanes));
            Assert.Equal(new ReadOnlySpan<int>(operands + 3 * Lanes, Lanes).ToArray(), Enumerable.Range(0, Lanes).Select(lane => sums[lane]));
        }
    }

    private static void AssertEqual(InstructionModel model, params string[] suite)
    {
        using var run = new TierRun(model, suite);

        (string output, int differences) = run.Run(model.Form is WeightForm form ? [(Program.Model, form.ToString()), (Program.NoMachineCode, "0"), (model.Without, "0")] : []);

        Assert.True(differences == 0, output);
        Assert.Contains($"Tier = {model.Tier}, Form = {model.Form ?? WeightForm.ExactBytes}", output, StringComparison.Ordinal);
        Assert.DoesNotContain(": 0 cases", output, StringComparison.Ordinal);
    }
}
