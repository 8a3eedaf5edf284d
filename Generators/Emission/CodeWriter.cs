using System.Text;

namespace Kernels.Generators.Emission;

/// <summary>Collects lines of C# with their indentation. Line ends are \n; nothing depends on the culture.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>Writes a line; an empty one has no indentation.</summary>
    public CodeWriter Line(string line = "")
    {
        if (line.Length > 0)
        {
            _text.Append(' ', 4 * _depth).Append(line);
        }

        _text.Append('\n');
        return this;
    }

    /// <summary>Writes lines as they stand in a raw string, each at the current indentation.</summary>
    public CodeWriter Lines(string lines)
    {
        foreach (string line in lines.Replace("\r", string.Empty).Split('\n'))
        {
            Line(line);
        }

        return this;
    }

    /// <summary>Opens a block.</summary>
    public CodeWriter Open(string? header = null)
    {
        if (header is not null)
        {
            Line(header);
        }

        Line("{");
        _depth++;
        return this;
    }

    /// <summary>Closes a block.</summary>
    public CodeWriter Close(string tail = "")
    {
        _depth--;
        return Line("}" + tail);
    }

    public override string ToString() => _text.ToString();
}
