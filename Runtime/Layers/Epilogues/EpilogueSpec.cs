using System;
using System.Collections;
using System.Collections.Generic;

namespace Kernels.Layers;

/// <summary>
/// Which functions a kernel applies before it rounds, in their order; no data. Two are equal when they name the same functions.
/// With <see cref="None"/> a kernel computes PyTorch's formula: see <see cref="Quantization.Requantizer"/>.
/// </summary>
/// <remarks>
/// With functions, in float32 and each operation rounded by itself, for the sum <c>acc</c> of <c>(x - zx) * (w - zw)</c>, input scale sx, weight scale
/// sw, and scale so and zero point zo of the output (where channels have scales of their own, so is that of the channel):
/// <code>
/// value = ((float)acc + bias / (sx * sw)) * (sx * sw)
/// value = f(value)                                      for each function
/// code  = round_half_even(clamp(value * (1 / so), -zo, 255 - zo)) + zo
/// </code>
/// </remarks>
public sealed class EpilogueSpec : IReadOnlyList<EpilogueFunction>, IEquatable<EpilogueSpec>
{
    private readonly EpilogueFunction[] _functions;

    /// <summary>Names functions.</summary>
    /// <param name="functions">The functions in their order; at most one <see cref="EpilogueFunction.Add"/>.</param>
    /// <exception cref="ArgumentException">A value is no function, or there are two additions.</exception>
    public EpilogueSpec(params ReadOnlySpan<EpilogueFunction> functions)
    {
        _functions = functions.ToArray();
        foreach (EpilogueFunction function in functions)
        {
            if (!Enum.IsDefined(function))
            {
                throw new ArgumentException($"{(int)function} is no function of an epilogue.", nameof(functions));
            }
        }

        if (functions.Count(EpilogueFunction.Add) > 1)
        {
            throw new ArgumentException("An epilogue adds at most one second input.", nameof(functions));
        }
    }

    /// <summary>No function: PyTorch's formula.</summary>
    public static EpilogueSpec None { get; } = new();

    /// <summary>Number of functions.</summary>
    public int Count => _functions.Length;

    /// <summary>Whether there is no function.</summary>
    public bool IsNone => _functions.Length == 0;

    /// <summary>Whether a kernel reads a second input: one of the functions is <see cref="EpilogueFunction.Add"/>.</summary>
    public bool HasAdd => Array.IndexOf(_functions, EpilogueFunction.Add) >= 0;

    /// <summary>The functions joined by plus signs, such as <c>HardSwish+ChannelAffine+Add</c>; <c>None</c> where there is none.</summary>
    public string Text => IsNone ? nameof(None) : string.Join('+', _functions);

    /// <summary>A function.</summary>
    /// <param name="index">0 for the first.</param>
    public EpilogueFunction this[int index] => _functions[index];

    /// <summary>Whether both name the same functions.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether they do.</returns>
    public static bool operator ==(EpilogueSpec? left, EpilogueSpec? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether they name different functions.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">Another.</param>
    /// <returns>Whether they do.</returns>
    public static bool operator !=(EpilogueSpec? left, EpilogueSpec? right) => !(left == right);

    /// <summary>Reads what <see cref="Text"/> gives.</summary>
    /// <param name="text">Functions joined by plus signs, or <c>None</c>.</param>
    /// <returns>The functions.</returns>
    /// <exception cref="FormatException">A name is no function, or there are two additions.</exception>
    public static EpilogueSpec Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == nameof(None))
        {
            return None;
        }

        EpilogueFunction[] functions = Array.ConvertAll(text.Split('+'), name => Array.IndexOf(Enum.GetNames<EpilogueFunction>(), name) is int index and >= 0
            ? (EpilogueFunction)index
            : throw new FormatException($"\"{text}\" names no epilogue: \"{name}\" is none of {string.Join(", ", Enum.GetNames<EpilogueFunction>())}."));
        return functions.AsSpan().Count(EpilogueFunction.Add) <= 1
            ? new EpilogueSpec(functions)
            : throw new FormatException($"\"{text}\" names no epilogue: it adds at most one second input.");
    }

    /// <inheritdoc/>
    public bool Equals(EpilogueSpec? other) => other is not null && _functions.AsSpan().SequenceEqual(other._functions);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EpilogueSpec);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (EpilogueFunction function in _functions)
        {
            hash.Add(function);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <inheritdoc/>
    public IEnumerator<EpilogueFunction> GetEnumerator() => ((IEnumerable<EpilogueFunction>)_functions).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
