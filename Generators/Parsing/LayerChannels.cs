using System.Linq;
using Microsoft.CodeAnalysis;

namespace Kernels.Generators.Parsing;

/// <summary>The channels that a layer class reads and writes, as far as they can be known: a generator does not see generated members.</summary>
/// <param name="In">Channels read, if known.</param>
/// <param name="Out">Channels written, if known.</param>
internal sealed record LayerChannels(int? In, int? Out)
{
    private const string Contract = "Kernels.Layers.IQuantizedConvolution<TSelf>";

    /// <summary>The channels of a class that is annotated as a layer, or that implements the layer's contract by hand; nothing for others.</summary>
    public static LayerChannels? Of(INamedTypeSymbol type)
    {
        foreach (AttributeData attribute in type.GetAttributes())
        {
            switch (AttributeNames.Find(attribute))
            {
                case AttributeNames.Conv2d or AttributeNames.ConvTranspose2d or AttributeNames.Conv1d or AttributeNames.ConvTranspose1d:
                    return new LayerChannels(Number(attribute, "InChannels"), Number(attribute, "OutChannels"));
                case AttributeNames.Linear:
                    return new LayerChannels(Number(attribute, "InFeatures"), Number(attribute, "OutFeatures"));
                default:
                    break;
            }
        }

        return type.AllInterfaces.Any(contract =>
            contract.OriginalDefinition.ToDisplayString() == Contract && SymbolEqualityComparer.Default.Equals(contract.TypeArguments[0], type))
                ? new LayerChannels(null, null)
                : null;
    }

    /// <summary>Whether another layer can read what this one writes; what is unknown is checked at run time.</summary>
    public bool CanFeed(LayerChannels next) => Out is null || next.In is null || Out == next.In;

    private static int? Number(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value.Value as int?;
}
