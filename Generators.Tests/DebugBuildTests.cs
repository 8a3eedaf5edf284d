using System;
using Kernels.Generators.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Kernels in a Debug build run the runtime's loops, which are optimised there too, in place of tiles that are not.</summary>
public class DebugBuildTests : IClassFixture<DebugBuildTests.Compiled>
{
    private readonly Compiled _compiled;

    public DebugBuildTests(Compiled compiled) => _compiled = compiled;

    [Theory]
    [MemberData(nameof(Tiers.Disabled), MemberType = typeof(Tiers))]
    public void Layers_of_a_Debug_build_equal_the_plain_formula_without(string disabled) => _compiled.Layers.AssertEqual(disabled);

    [Theory]
    [MemberData(nameof(Tiers.Disabled), MemberType = typeof(Tiers))]
    public void Fused_kernels_of_a_Debug_build_equal_their_plain_definition_without(string disabled) => _compiled.Fused.AssertEqual(disabled);

    /// <summary>Layers of random specs, compiled once for all tiers.</summary>
    public sealed class Compiled : IDisposable
    {
        internal TierRun Layers { get; } = TierRun.OfDebugBuild("random", RandomKernelTests.Compiled.Seed, "40");

        internal TierRun Fused { get; } = TierRun.OfDebugBuild("fused", RandomKernelTests.Compiled.Seed, "40");

        public void Dispose()
        {
            Fused.Dispose();
            Layers.Dispose();
        }
    }
}
