using System;
using System.Globalization;
using Kernels.Generators.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Generated kernels against the plain formula over the attribute space, on every tier that the CPU has.</summary>
public class RandomKernelTests : IClassFixture<RandomKernelTests.Compiled>
{
    private readonly Compiled _compiled;

    public RandomKernelTests(Compiled compiled) => _compiled = compiled;

    [Theory]
    [MemberData(nameof(Tiers.Disabled), MemberType = typeof(Tiers))]
    public void Generated_kernels_equal_the_plain_formula_without(string disabled) => _compiled.Layers.AssertEqual(disabled);

    [Theory]
    [MemberData(nameof(Tiers.Disabled), MemberType = typeof(Tiers))]
    public void Kernels_of_known_input_size_equal_the_plain_formula_without(string disabled) => _compiled.Sized.AssertEqual(disabled);

    [Theory]
    [MemberData(nameof(Tiers.Disabled), MemberType = typeof(Tiers))]
    public void Kernels_that_merge_the_taps_of_a_row_equal_the_plain_formula_without(string disabled) => _compiled.Merged.AssertEqual(disabled);

    [Theory]
    [MemberData(nameof(Tiers.Disabled), MemberType = typeof(Tiers))]
    public void Kernels_of_strided_convolutions_to_few_channels_equal_the_plain_formula_without(string disabled) => _compiled.Strided.AssertEqual(disabled);

    [Theory]
    [MemberData(nameof(Tiers.Disabled), MemberType = typeof(Tiers))]
    public void Kernels_with_a_fused_epilogue_equal_its_plain_definition_without(string disabled) => _compiled.Fused.AssertEqual(disabled);

    /// <summary>Layers of random specs, compiled once for all tiers.</summary>
    public sealed class Compiled : IDisposable
    {
        // New seeds every day, the same ones all day: a failure names its seed and can be looked at.
        internal static string Seed { get; } = DateTime.UtcNow.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

        internal TierRun Layers { get; } = new("random", Seed, "40");

        internal TierRun Sized { get; } = new("sized", Seed, "60");

        internal TierRun Merged { get; } = new("merged", Seed, "60");

        internal TierRun Strided { get; } = new("strided", Seed, "40");

        internal TierRun Fused { get; } = new("fused", Seed, "60");

        public void Dispose()
        {
            Fused.Dispose();
            Strided.Dispose();
            Merged.Dispose();
            Sized.Dispose();
            Layers.Dispose();
        }
    }
}
