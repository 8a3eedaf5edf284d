using System;

namespace Kernels.Layers;

/// <summary>Functions of doubles that .NET lacks, to about 12 digits.</summary>
internal static class DoubleFunctions
{
    // From here on the continued fraction of erfc needs fewer terms than the series of erf.
    private const double FractionFrom = 2.5;
    private const int Terms = 80;

    /// <summary><c>1 / (1 + exp(-x))</c>.</summary>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary><c>log(1 + exp(x))</c>.</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));

    /// <summary><c>exp(x) - 1</c>: <c>2 sinh(x / 2) exp(x / 2)</c> near 0, where a difference would cancel.</summary>
    public static double Expm1(double x) => Math.Abs(x) < 1 ? 2 * Math.Sinh(x / 2) * Math.Exp(x / 2) : Math.Exp(x) - 1;

    /// <summary>Complementary error function.</summary>
    public static double Erfc(double x) => x < 0 ? 2 - ErfcAbove(-x) : ErfcAbove(x);

    private static double Log1p(double x)
    {
        // Kahan: what rounding does to 1 + x cancels in the quotient.
        double sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * x / (sum - 1);
    }

    private static double ErfcAbove(double x)
    {
        double density = Math.Exp(-x * x) / Math.Sqrt(Math.PI);
        if (x >= FractionFrom)
        {
            // erfc(x) = density / (x + (1/2) / (x + (2/2) / (x + (3/2) / ...))).
            double fraction = x;
            for (int k = Terms; k > 0; k--)
            {
                fraction = x + k / 2.0 / fraction;
            }

            return density / fraction;
        }

        // erf(x) = 2 density (x + 2 x^3 / 3 + 4 x^5 / 15 + ...), all terms positive.
        double term = x;
        double sum = x;
        for (int k = 1; k < Terms; k++)
        {
            term *= 2 * x * x / (2 * k + 1);
            sum += term;
        }

        return 1 - 2 * density * sum;
    }
}
