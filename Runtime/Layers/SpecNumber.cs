using System;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Kernels.Layers;

/// <summary>Checks the numbers of a spec where it is made, so that no layer meets one that its arithmetic does not hold.</summary>
internal static class SpecNumber
{
    /// <summary>The number itself.</summary>
    /// <exception cref="ArgumentException">It is outside the range; the message has its name, its value and the range.</exception>
    public static int Check(int value, int min, int max, [CallerMemberName] string name = "") => value >= min && value <= max
        ? value
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} must be {min} to {max}, but is {value}."), "spec");

    /// <summary>The value itself.</summary>
    /// <exception cref="ArgumentException">The enum has no such value.</exception>
    public static T Check<T>(T value, [CallerMemberName] string name = "")
        where T : struct, Enum => Enum.IsDefined(value) ? value : throw new ArgumentException($"{name} must be a named value of {typeof(T).Name}, but is {value}.", "spec");

    /// <summary>The number itself.</summary>
    /// <exception cref="ArgumentException">It is NaN or infinite.</exception>
    public static float CheckFinite(float value, [CallerMemberName] string name = "") => float.IsFinite(value)
        ? value
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} must be finite, but is {value}."), "spec");
}
