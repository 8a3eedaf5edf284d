using System.Linq;
using Microsoft.CodeAnalysis;

namespace Kernels.Generators.Parsing;

/// <summary>Whether a layer gets machine code: its own argument, else what its assembly says, else yes.</summary>
internal static class MachineCodeDefault
{
    private const string Attribute = "Kernels.MachineCodeDefaultAttribute";

    /// <summary>Reads the argument, or the attribute of the layer's assembly.</summary>
    public static bool Of(AttributeArguments arguments, ISymbol annotated) =>
        arguments.Get("MachineCode", OfAssembly(annotated.ContainingAssembly));

    private static bool OfAssembly(IAssemblySymbol assembly)
    {
        AttributeData? attribute = assembly.GetAttributes().FirstOrDefault(static data => data.AttributeClass?.ToDisplayString() == Attribute);
        return attribute?.ConstructorArguments.FirstOrDefault().Value is not false;
    }
}
