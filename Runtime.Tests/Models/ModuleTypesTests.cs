using System;
using System.Linq;
using System.Reflection;
using Kernels.Models;
using Kernels.Models.Nodes;
using Xunit;

namespace Kernels.Tests.Models;

public class ModuleTypesTests
{
    // These make layers of types that have names of their own here: convolutions of a spec or a kernel, and an average over all pixels.
    private static readonly string[] OtherNames = ["Convolution", "Generated", "GlobalAvgPool2d"];

    [Fact]
    public void Every_module_that_can_be_made_is_of_a_known_type()
    {
        string[] made = [.. typeof(Modules).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(static method => method.Name).Distinct().Except(OtherNames)];

        Assert.All(made, name => Assert.Contains(name, ModuleTypes.All));
    }

    [Fact]
    public void Every_known_type_but_those_of_1d_can_be_read_from_a_file() => Assert.All(
        ModuleTypes.All.Where(static type => !type.EndsWith("1d", StringComparison.Ordinal)),
        static type => Assert.DoesNotContain("knows no layers", Record(type), StringComparison.Ordinal));

    // Without arguments most are refused, but for those.
    private static string Record(string type) =>
        Xunit.Record.Exception(() => ModuleReader.Read(type, new ModuleArguments(), isQuantized: false, static (_, _) => throw new ArgumentException("no tensor"), kernel: null))?.Message ?? "";
}
