using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Kernels.Models.Nodes;

/// <summary>Named numbers and words that a layer is made with, as text that a file can hold. What is wrong with them is an <see cref="InvalidDataException"/>.</summary>
internal sealed class ModuleArguments
{
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Names and values, by name.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>Adds a number or a word.</summary>
    /// <returns>These arguments.</returns>
    public ModuleArguments With<T>(string name, T value)
        where T : notnull
    {
        // R is the default of float and double: the shortest text that reads back as the same number.
        string text = value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value.ToString()!;
        return _values.TryAdd(name, text) ? this : throw new InvalidDataException($"The argument {SafetensorsFile.Quote(name)} occurs twice.");
    }

    /// <summary>Whether there is an argument of a name.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    public int Int(string name) => Parse(name, static (string s, out int v) => int.TryParse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out v));

    public float Float(string name) => Parse(name, static (string s, out float v) => float.TryParse(s, NumberStyles.Float, CultureInfo.InvariantCulture, out v));

    public double Double(string name) => Parse(name, static (string s, out double v) => double.TryParse(s, NumberStyles.Float, CultureInfo.InvariantCulture, out v));

    public bool Bool(string name) => Parse<bool>(name, bool.TryParse);

    public T Enum<T>(string name)
        where T : struct, Enum => Parse(name, static (string s, out T v) => System.Enum.TryParse(s, out v) && System.Enum.IsDefined(v));

    /// <summary>Throws when there are other arguments than those of the layer that was made from them.</summary>
    public void RequireSame(ModuleArguments layer)
    {
        foreach ((string name, string value) in _values)
        {
            if (layer._values.GetValueOrDefault(name) != value)
            {
                throw new InvalidDataException($"The argument {SafetensorsFile.Quote(name)} with the value {SafetensorsFile.Quote(value)} is not one that this version writes.");
            }
        }
    }

    private T Parse<T>(string name, TryParse<T> parse)
    {
        if (!_values.TryGetValue(name, out string? text))
        {
            throw new InvalidDataException($"The argument {SafetensorsFile.Quote(name)} is missing.");
        }

        return parse(text, out T value) ? value : throw new InvalidDataException($"The argument {SafetensorsFile.Quote(name)} cannot be {SafetensorsFile.Quote(text)}.");
    }

    private delegate bool TryParse<T>(string text, out T value);
}
