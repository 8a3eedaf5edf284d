using System.Globalization;
using Kernels.Generators.Diagnostics;
using Kernels.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kernels.Generators.Parsing;

/// <summary>
/// The checks that the attributes of all layers share. Each says whether the argument is right, and adds a diagnostic when it is not;
/// callers combine them without short circuit, so that every argument that is wrong is named at once.
/// </summary>
internal sealed class ArgumentChecks(AttributeArguments arguments, DiagnosticBag diagnostics)
{
    private const float DefaultSlope = 0.01f;

    /// <summary>A number without default.</summary>
    public bool Required(string name, int max) => arguments.IsGiven(name)
        ? Range(name, 1, max)
        : Report(Descriptors.MissingNumber, arguments.LocationOf(name), $"'{name}'");

    /// <summary>A number that may be missing.</summary>
    public bool Range(string name, int min, int max)
    {
        if (!arguments.IsGiven(name))
        {
            return true;
        }

        int value = arguments.Get(name, min);
        string range = max == int.MaxValue ? $"at least {Text(min)}" : $"{Text(min)} to {Text(max)}";
        return (value >= min && value <= max)
            || Report(Descriptors.NumberOutOfRange, arguments.LocationOf(name), name, Text(value), range);
    }

    /// <summary>Activation, its slope and the weight scheme.</summary>
    public bool Epilogue() => Name("Activation", (int)ActivationKind.LeakyRelu) & Name("WeightScheme", 1) & Slope();

    /// <summary>The slope where it has an effect, and else the default: layers that compute the same have one spec.</summary>
    public float EffectiveSlope()
    {
        float slope = arguments.Get("Activation", 0) == (int)ActivationKind.LeakyRelu ? arguments.Get("NegativeSlope", DefaultSlope) : DefaultSlope;
        return slope == 0 ? 0 : slope;
    }

    /// <summary>A size of the whole layer.</summary>
    public bool Count(string what, long count, int max) =>
        count <= max || Report(Descriptors.LayerTooLarge, arguments.Attribute, Text(count), what, Text(max));

    /// <summary>The products that one output sums up, against what an int32 accumulator holds.</summary>
    public bool Accumulator(long products)
    {
        if (products > Limits.Products)
        {
            return Report(Descriptors.AccumulatorOverflow, arguments.Attribute, Text(products), Text(Limits.Products));
        }

        if (products > Limits.ProductsWithWeightZeroPoint)
        {
            Report(Descriptors.AccumulatorNeedsSymmetricWeights, arguments.Attribute, Text(products), Text(Limits.ProductsWithWeightZeroPoint));
        }

        return true;
    }

    /// <summary>Adds a diagnostic; always false, so that a check can end with it.</summary>
    public bool Report(DiagnosticDescriptor descriptor, LocationInfo? location, params string[] texts)
    {
        diagnostics.Add(descriptor, location, texts);
        return false;
    }

    /// <summary>A number as messages show it.</summary>
    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private bool Name(string name, int last)
    {
        int value = arguments.Get(name, 0);
        return (value >= 0 && value <= last) || Report(Descriptors.UnknownName, arguments.LocationOf(name), name, Text(value));
    }

    private bool Slope()
    {
        float slope = arguments.Get("NegativeSlope", DefaultSlope);
        return !(float.IsNaN(slope) || float.IsInfinity(slope))
            || Report(Descriptors.SlopeNotFinite, arguments.LocationOf("NegativeSlope"), slope.ToString(CultureInfo.InvariantCulture));
    }
}
