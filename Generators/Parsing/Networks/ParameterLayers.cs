using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Parsing;

/// <summary>The layers with tensors, but without a kernel: their attributes and numbers.</summary>
internal static class ParameterLayers
{
    private const string Space = "Kernels.";
    private const string Suffix = "Attribute";

    private static readonly Number Channels = new("Channels", null);
    private static readonly Number Epsilon = new("Epsilon", 1e-5f);

    // In the order of the runtime's parameters.
    private static readonly Dictionary<string, Number[]> All = new()
    {
        ["BatchNorm2d"] = [Channels, Epsilon],
        ["InstanceNorm2d"] = [Channels, Epsilon],
        ["LayerNorm"] = [Channels, Epsilon],
        ["GroupNorm"] = [new("Groups", null), Channels, Epsilon],
        ["PReLU"] = [new("Channels", 1)],
        ["ChannelAffine"] = [Channels],
        ["Constant"] = [new("Batch", 1), Channels, new("Height", 1), new("Width", 1)],
    };

    /// <summary>Metadata names of their attributes.</summary>
    public static IEnumerable<string> Attributes => All.Keys.Select(static name => Space + name + Suffix);

    /// <summary>The type of layer that an attribute stands for, by PyTorch's name.</summary>
    public static string Operation(string attribute) => attribute.Substring(Space.Length, attribute.Length - Space.Length - Suffix.Length);

    /// <summary>The numbers of an attribute; nothing when a diagnostic says what is wrong with one.</summary>
    public static EquatableArray<ParameterArgument>? Read(string operation, AttributeArguments arguments, ArgumentChecks checks)
    {
        bool isRight = !arguments.IsBroken;
        var values = new List<ParameterArgument>();
        foreach (Number number in All[operation])
        {
            isRight &= number.Default switch
            {
                null => checks.Required(number.Name, Limits.Channels),
                int => checks.Range(number.Name, 1, Limits.Channels),
                _ => true,
            };
            object value = number.Default is float epsilon ? arguments.Get(number.Name, epsilon) : (object)arguments.Get(number.Name, number.Default as int? ?? 0);
            values.Add(new ParameterArgument(char.ToLowerInvariant(number.Name[0]) + number.Name.Substring(1), value));
        }

        return isRight ? new EquatableArray<ParameterArgument>([.. values]) : null;
    }

    /// <summary>A number of an attribute.</summary>
    /// <param name="Name">Its property.</param>
    /// <param name="Default">What it is when not given; nothing where it must be.</param>
    private sealed record Number(string Name, object? Default);
}
