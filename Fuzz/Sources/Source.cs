using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Kernels.Fuzz.Sources;

/// <summary>Sources of annotated classes.</summary>
internal static class Source
{
    /// <summary>One public partial class <c>Layers.L{n}</c> for each attribute.</summary>
    public static string Of(IReadOnlyList<string> attributes)
    {
        var source = new StringBuilder("namespace Layers;\n\n");
        for (int i = 0; i < attributes.Count; i++)
        {
            source.Append(attributes[i]).Append(CultureInfo.InvariantCulture, $"\npublic partial class L{i};\n\n");
        }

        return source.ToString();
    }
}
