using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Iced.Intel;
using Kernels.Generators.Tests.Support;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>
/// Every emitted routine may be called by System V and by Win64 rules: it keeps the registers that either wants kept, has no use for a
/// stack (so that Windows needs no unwind data), and leaves the upper halves of vectors clean.
/// </summary>
public class CallingConventionTests
{
    // Volatile in both conventions.
    private static readonly HashSet<Register> Volatile =
    [
        Register.RAX, Register.RCX, Register.RDX, Register.R8, Register.R9, Register.R10, Register.R11,
        .. Enumerable.Range(0, 6).Concat(Enumerable.Range(16, 16)).Select(static n => Register.ZMM0 + n),
        .. Enumerable.Range(0, 8).Select(static n => Register.K0 + n),
    ];

    // What MachineCode checks before the first call: AVX-512 F, BW, VL (.NET speaks of the three as one) and VNNI. prefetcht1 is part of
    // SSE; prefetchw does nothing on processors without it, and none has AVX-512.
    private static readonly HashSet<CpuidFeature> Checked = [CpuidFeature.INTEL8086, CpuidFeature.INTEL386, CpuidFeature.X64, CpuidFeature.SSE, CpuidFeature.PREFETCHW, CpuidFeature.AVX, CpuidFeature.AVX512F, CpuidFeature.AVX512BW, CpuidFeature.AVX512VL, CpuidFeature.AVX512_VNNI];

    private static readonly InstructionInfoFactory Infos = new();

    private static readonly ConcurrentDictionary<string, string> Texts = [];

    // Of LaneCall and of PixelCall: what a routine moves on from tile to tile, and where the output's address stands.
    private static readonly HashSet<ulong> Moved = [8, OutputOffset, 40];

    // And of PixelCall alone: the input of the next row.
    private static readonly HashSet<ulong> MovedByPixels = [.. Moved, 64];

    private const ulong OutputOffset = 16;

    private static readonly string[] Attributes =
    [
        .. GuardSuite.Specs("1").Concat(Enumerable.Range(100, 12).Select(static seed => ConvolutionCase.FromSeed(seed).Spec)).Select(LayerSource.Convolution).Distinct(),
    ];

    /// <summary>Layers of all dataflows; those without routines have none to check.</summary>
    public static TheoryData<string> Layers => [.. Attributes];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Routines_follow_both_calling_conventions(string layer)
    {
        bool permutesBytes = Text(layer).Contains("permutesBytes: true", StringComparison.Ordinal);
        foreach (EmittedRoutine routine in EmittedRoutine.Of(Text(layer)))
        {
            IReadOnlyList<Instruction> code = routine.Decode();

            Assert.All(code, each => Assert.True(!each.IsInvalid && each.FlowControl is FlowControl.Next or FlowControl.ConditionalBranch or FlowControl.Return, Message(routine, each)));
            Assert.All(code, each => Assert.True(each.Code.CpuidFeatures().All(feature => Checked.Contains(feature) || (feature == CpuidFeature.AVX512_VBMI && permutesBytes)), Message(routine, each) + string.Join(' ', each.Code.CpuidFeatures())));
            Assert.All(code.SkipLast(1), each => Assert.True(Written(each).All(Volatile.Contains), Message(routine, each)));
            Assert.All(code.Where(each => each.FlowControl == FlowControl.ConditionalBranch), each => Assert.Contains(code, target => target.IP == each.NearBranchTarget));
            Assert.DoesNotContain(code.SkipLast(1), static each => each.IsStackInstruction || Accesses(each).Any(static used => used.Register.GetFullRegister() is Register.RSP or Register.RBP));
            Assert.Equal([Mnemonic.Vzeroupper, Mnemonic.Ret], code.TakeLast(2).Select(static each => each.Mnemonic));
            Assert.Single(code, static each => each.Mnemonic == Mnemonic.Ret);
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void The_Windows_entry_lies_three_bytes_behind_the_one_of_System_V(string layer)
    {
        foreach (EmittedRoutine routine in EmittedRoutine.Of(Text(layer)))
        {
            IReadOnlyList<Instruction> code = routine.Decode();
            Instruction first = code[0];

            Assert.Equal((Mnemonic.Mov, Register.RCX, Register.RDI, 3), (first.Mnemonic, first.Op0Register, first.Op1Register, first.Length));
            Assert.Equal(code.Skip(1), routine.Decode(3));
            Assert.Equal([Register.RCX], ReadBeforeWritten(code.Skip(1)));
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Routines_write_memory_only_where_codes_go_and_their_place_in_the_call(string layer)
    {
        HashSet<ulong> moved = Text(layer).Contains("PixelCall*", StringComparison.Ordinal) ? MovedByPixels : Moved;
        foreach (EmittedRoutine routine in EmittedRoutine.Of(Text(layer)))
        {
            IReadOnlyList<Instruction> code = routine.Decode();
            Instruction[] stores = [.. code.Where(Stores)];

            // Codes go through the register that the output's address was last loaded into; it moves on only with the tile.
            Assert.NotEmpty(stores);
            Assert.All(stores, each => Assert.True(each.MemoryIndex == Register.None && (each.MemoryBase == Register.RCX ? moved.Contains(each.MemoryDisplacement64) : HoldsOutput(code, each)), Message(routine, each)));
        }
    }

    [Fact]
    public void Both_dataflows_have_routines()
    {
        Assert.Contains(Attributes, static layer => Text(layer).Contains("LaneCall*", StringComparison.Ordinal));
        Assert.Contains(Attributes, static layer => Text(layer).Contains("PixelCall*", StringComparison.Ordinal));
    }

    [Fact]
    public void Code_does_not_grow_with_the_stride()
    {
        int small = Code(4);
        Assert.All([7, 20, 100, 300, 1000, 4096], stride => Assert.InRange(Code(stride), 1, small));

        static int Code(int stride) => EmittedRoutine.Of(Text($"[Kernels.QuantizedConv2d(InChannels = 3, OutChannels = 4, Kernel = 1, Stride = {stride})]")).Sum(static routine => routine.Decode().Count);
    }

    // Generated once for all claims.
    private static string Text(string layer) => Texts.GetOrAdd(layer, static layer => GeneratorHarness.Run(LayerSource.Of([layer])).Text);

    private static IEnumerable<UsedRegister> Accesses(in Instruction instruction) => [.. Infos.GetInfo(instruction).GetUsedRegisters()];

    // vzeroupper clears upper halves, of which neither convention keeps any.
    private static IEnumerable<Register> Written(Instruction instruction) => instruction.Mnemonic == Mnemonic.Vzeroupper ? [] :
        Accesses(instruction)
            .Where(static used => used.Access is OpAccess.Write or OpAccess.ReadWrite or OpAccess.CondWrite or OpAccess.ReadCondWrite)
            .Select(static used => Full(used.Register));

    private static IEnumerable<Register> ReadBeforeWritten(IEnumerable<Instruction> code)
    {
        var written = new HashSet<Register>();
        var read = new HashSet<Register>();
        foreach (Instruction each in code.Where(static each => each.FlowControl != FlowControl.Return && each.Mnemonic != Mnemonic.Vzeroupper))
        {
            read.UnionWith(Accesses(each).Where(static used => used.Access is OpAccess.Read or OpAccess.ReadWrite or OpAccess.CondRead or OpAccess.ReadCondWrite).Select(static used => Full(used.Register)).Where(register => !written.Contains(register)));
            written.UnionWith(Written(each));
        }

        return read;
    }

    private static Register Full(Register register) => register.IsVectorRegister() ? Register.ZMM0 + register.GetNumber() : register.GetFullRegister();

    private static bool HoldsOutput(IReadOnlyList<Instruction> code, Instruction store)
    {
        Instruction load = code.Last(each => each.IP < store.IP && Written(each).Contains(store.MemoryBase));
        return (load.Mnemonic, load.MemoryBase, load.MemoryDisplacement64) == (Mnemonic.Mov, Register.RCX, OutputOffset);
    }

    private static bool Stores(Instruction instruction) =>
        Infos.GetInfo(instruction).GetUsedMemory().Any(static used => used.Access is OpAccess.Write or OpAccess.ReadWrite or OpAccess.CondWrite or OpAccess.ReadCondWrite);

    private static string Message(EmittedRoutine routine, Instruction instruction) =>
        string.Create(CultureInfo.InvariantCulture, $"{routine.Name} at {instruction.IP}: {instruction}");
}
