using System;
using System.Globalization;
using System.Text;

namespace Kernels.Samples.Upscale;

/// <summary>What was measured, as a table.</summary>
internal static class Report
{
    public static string Of(Comparison comparison, Timing timing, WeightBytes weights)
    {
        var text = new StringBuilder();
        Line(text, "", "nearest", "float", "int8");
        Line(text, "PSNR against the float network", "", "", Decibel(comparison.Int8AgainstFloat));
        if (comparison.Halved is { } halved)
        {
            Line(text, "PSNR against the original, from half", Decibel(halved.Nearest), Decibel(halved.Float), Decibel(halved.Int8));
        }

        Line(text, "weights", "", Number($"{weights.Float:N0} bytes"), Number($"{weights.Int8:N0} bytes"));
        text.Append('\n');
        Line(text, "", "float", "int8 generic", "int8 generated");
        Line(text, $"one {Timing.Tile}x{Timing.Tile} tile, one thread", Milliseconds(timing.Float), Milliseconds(timing.Generic), Milliseconds(timing.Generated));
        Line(text, "times as fast as float", "1.0", Number($"{timing.Float / timing.Generic:F1}"), Number($"{timing.Float / timing.Generated:F1}"));
        return text.ToString();
    }

    private static void Line(StringBuilder text, string label, string first, string second, string third) =>
        text.Append($"{label,-37}{first,12}{second,18}{third,18}".TrimEnd()).Append('\n');

    private static string Decibel(double value) => double.IsInfinity(value) ? "equal" : Number($"{value:F2} dB");

    private static string Milliseconds(double value) => Number($"{value:F1} ms");

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
