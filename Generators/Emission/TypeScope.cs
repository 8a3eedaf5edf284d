using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>What encloses the generated part of a user's class: its namespace and outer types.</summary>
internal static class TypeScope
{
    public static void Open(CodeWriter code, TypeSpec type)
    {
        if (type.Namespace is string name)
        {
            code.Line($"namespace {name};").Line();
        }

        foreach (EnclosingType outer in type.Enclosing)
        {
            code.Open(outer.Declaration);
        }
    }

    public static void Close(CodeWriter code, TypeSpec type)
    {
        foreach (EnclosingType _ in type.Enclosing)
        {
            code.Close();
        }
    }
}
