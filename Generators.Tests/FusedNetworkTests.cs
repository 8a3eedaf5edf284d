using Kernels.Generators.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>Networks whose functions and sums are fused into kernels.</summary>
public class FusedNetworkTests
{
    [Theory]
    [MemberData(nameof(Tiers.Disabled), MemberType = typeof(Tiers))]
    public void They_give_the_codes_of_the_plain_definition_on_every_tier(string disabled)
    {
        (string output, int differences) = ChildProcess.Run(Tiers.Variables(disabled), "networks");

        Assert.True(differences == 0, output);
        Assert.StartsWith(Tiers.Without(disabled) + ": 300 cases", output);
    }
}
