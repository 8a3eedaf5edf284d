using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Kernels.Models.Rounding;

/// <summary>
/// How much errors of weights disturb an output: for errors e of the weights in <see cref="Order"/>, the mean square of the output's error is
/// <c>Σ_j Pivot[j]² · (e[j] + Σ_{i&lt;j} e[i] · Row(j)[i])²</c>. It is the Cholesky factor R, upper triangular with H = R·Rᵀ, of the moments H of what the
/// weights multiply, its columns divided by their pivots.
/// </summary>
internal sealed class ErrorMetric
{
    // Where values are linear functions of others, as in flat areas, this keeps H regular: a share of its mean diagonal.
    private const double Damping = 1e-2;

    // Of a value that is always 0.
    private const double Least = 1e-100;

    private readonly double[] _columns;

    /// <summary>Factors moments.</summary>
    /// <param name="moments">Moments of patches.</param>
    /// <param name="isCentered">Whether a mean error does not count, since the bias takes it.</param>
    /// <param name="noise">Variance of the rounding error of an input value, which adds to its square.</param>
    public ErrorMetric(PatchMoments moments, bool isCentered, double noise)
    {
        int length = moments.Reader.Length;
        double[] means = moments.Means();
        double Covariance(int i, int j) => moments.Product(i, j) - (isCentered ? means[i] * means[j] : 0);
        var diagonal = new double[length];
        double sum = 0;
        for (int i = 0; i < length; i++)
        {
            diagonal[i] = Math.Max(0, Covariance(i, i));
            sum += diagonal[i];
        }

        double added = noise + Math.Max(sum / length * Damping, Least);

        // The weights that matter most first: those behind make up for them.
        Order = new int[length];
        for (int i = 0; i < length; i++)
        {
            Order[i] = i;
        }

        Array.Sort(Array.ConvertAll(diagonal, static value => -value), Order);
        _columns = new double[length * length];
        for (int j = 0; j < length; j++)
        {
            for (int i = 0; i < j; i++)
            {
                _columns[j * length + i] = Covariance(Order[i], Order[j]);
            }

            _columns[j * length + j] = diagonal[Order[j]] + added;
        }

        Factor(length);
    }

    /// <summary>The order in which weights are rounded: places in a patch.</summary>
    public int[] Order { get; }

    /// <summary>What errors of the weights before one add to its own, as factors.</summary>
    /// <param name="j">The weight's place in <see cref="Order"/>.</param>
    public ReadOnlySpan<double> Row(int j) => _columns.AsSpan(j * Order.Length, j);

    /// <summary>Sum of products.</summary>
    /// <param name="a">Factors.</param>
    /// <param name="b">As many factors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Vector<double> sums = Vector<double>.Zero;
        int i = 0;
        for (; i <= a.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            sums += new Vector<double>(a[i..]) * new Vector<double>(b[i..]);
        }

        double sum = Vector.Sum(sums);
        for (; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    // From the last column to the first: each leaves the ones before it what it does not explain of H. Then each column over its pivot.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Factor(int length)
    {
        for (int k = length - 1; k >= 0; k--)
        {
            Span<double> column = _columns.AsSpan(k * length, k + 1);
            double pivot = Math.Sqrt(Math.Max(column[k], Least));
            for (int i = 0; i <= k; i++)
            {
                column[i] /= pivot;
            }

            for (int j = 0; j < k; j++)
            {
                Subtract(column[..(j + 1)], column[j], _columns.AsSpan(j * length, j + 1));
            }

            for (int i = 0; i <= k; i++)
            {
                column[i] /= pivot;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Subtract(ReadOnlySpan<double> values, double factor, Span<double> from)
    {
        int i = 0;
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            (new Vector<double>(from[i..]) - new Vector<double>(values[i..]) * factor).CopyTo(from[i..]);
        }

        for (; i < values.Length; i++)
        {
            from[i] -= values[i] * factor;
        }
    }
}
