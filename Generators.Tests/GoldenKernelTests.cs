using System;
using Kernels.Generators.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>PyTorch's bytes from generated kernels, on every tier that the CPU has.</summary>
public class GoldenKernelTests : IClassFixture<GoldenKernelTests.Compiled>
{
    private readonly Compiled _compiled;

    public GoldenKernelTests(Compiled compiled) => _compiled = compiled;

    [Theory]
    [MemberData(nameof(Tiers.Disabled), MemberType = typeof(Tiers))]
    public void Conv2d_gives_PyTorchs_bytes_without(string disabled) => _compiled.Conv2d.AssertEqual(disabled);

    [Theory]
    [MemberData(nameof(Tiers.Disabled), MemberType = typeof(Tiers))]
    public void ConvTranspose2d_gives_PyTorchs_bytes_without(string disabled) => _compiled.ConvTranspose2d.AssertEqual(disabled);

    [Theory]
    [MemberData(nameof(Tiers.Disabled), MemberType = typeof(Tiers))]
    public void Linear_gives_PyTorchs_bytes_without(string disabled) => _compiled.Linear.AssertEqual(disabled);

    /// <summary>The layers of the golden files, compiled once for all tiers.</summary>
    public sealed class Compiled : IDisposable
    {
        internal TierRun Conv2d { get; } = new("golden", "Conv2d");

        internal TierRun ConvTranspose2d { get; } = new("golden", "ConvTranspose2d");

        internal TierRun Linear { get; } = new("golden", "Linear");

        public void Dispose()
        {
            Linear.Dispose();
            Conv2d.Dispose();
            ConvTranspose2d.Dispose();
        }
    }
}
