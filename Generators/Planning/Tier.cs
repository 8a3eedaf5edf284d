using System.Linq;
using Kernels.Shared;

namespace Kernels.Generators.Planning;

/// <summary>An instruction set that kernels are emitted for, as the planner sees it: register shape, no syntax.</summary>
/// <param name="Name">Name used in the emitted code.</param>
/// <param name="Bits">Width of a vector.</param>
internal sealed record Tier(string Name, int Bits)
{
    public static readonly Tier Avx512 = new("Avx512", 512);

    public static readonly Tier Avx2 = new("Avx2", 256);

    public static readonly Tier Vector128 = new("Vector128", 128);

    /// <summary>512-bit vpdpbusd, whose dot tiles are machine code; everything around them is that of <see cref="Avx512"/>.</summary>
    public static readonly Tier Avx512Vnni = new("Avx512Vnni", 512);

    /// <summary>The C# tiers, best first. Behind them stands the scalar tier, which needs no plan.</summary>
    public static readonly EquatableArray<Tier> All = new([Avx512, Avx2, Vector128]);

    /// <summary>The C# tiers whose tiles a kernel unrolls; the others run loops of the runtime. AVX-512 without machine code is one of these
    /// where a kernel has machine code: few machines have the one without leave for the other.</summary>
    public static EquatableArray<Tier> Unrolled(bool machineCode) => machineCode ? new([Avx2]) : new([Avx512, Avx2]);

    /// <summary>The tier of a rung.</summary>
    public static Tier Of(TierRung rung) => All.First(tier => tier.Name == rung.Text);

    /// <summary>Whether dot tiles are machine code.</summary>
    public bool IsMachineCode => this == Avx512Vnni;

    /// <summary>int32 lanes of a vector.</summary>
    public int Lanes => Bits / 32;

    /// <summary>Vectors of a block of 16 output lanes.</summary>
    public int BlockVectors => 16 / Lanes;
}
