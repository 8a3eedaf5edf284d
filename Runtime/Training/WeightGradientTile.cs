using System.Numerics;

namespace Kernels.Training;

/// <summary>
/// The inner loops of the weight gradient: sums of outer products along one row of pixels, kept in registers. Four channels of
/// the strided side by one to three vectors of the other. Every lane adds its products in pixel order, fused, so no vector width
/// and no tile changes a bit.
/// </summary>
internal static unsafe class WeightGradientTile
{
    /// <summary>Channels of the strided side in a tile.</summary>
    public const int Rows = 4;

    /// <summary>Most vectors in a tile.</summary>
    public const int MaxVectors = 3;

    /// <summary>
    /// Adds the products of one row. The caller has made sure that <paramref name="panel"/> holds 4 values a pixel, that
    /// <paramref name="lanes"/> can be read <c>(pixels - 1) * step + vectors * Vector.Count</c> far, and that
    /// <paramref name="sums"/> holds 4 times the vectors.
    /// </summary>
    public static void Run(int vectors, float* panel, float* lanes, nint step, int pixels, float* sums)
    {
        switch (vectors)
        {
            case 1:
                Run1(panel, lanes, step, pixels, sums);
                break;
            case 2:
                Run2(panel, lanes, step, pixels, sums);
                break;
            default:
                Run3(panel, lanes, step, pixels, sums);
                break;
        }
    }

    private static void Run1(float* panel, float* lanes, nint step, int pixels, float* sums)
    {
        int width = Vector<float>.Count;
        Vector<float> acc0 = Vector.Load(sums);
        Vector<float> acc1 = Vector.Load(sums + width);
        Vector<float> acc2 = Vector.Load(sums + 2 * width);
        Vector<float> acc3 = Vector.Load(sums + 3 * width);
        for (int i = 0; i < pixels; i++)
        {
            Vector<float> b = Vector.Load(lanes);
            acc0 = Vector.FusedMultiplyAdd(new Vector<float>(panel[0]), b, acc0);
            acc1 = Vector.FusedMultiplyAdd(new Vector<float>(panel[1]), b, acc1);
            acc2 = Vector.FusedMultiplyAdd(new Vector<float>(panel[2]), b, acc2);
            acc3 = Vector.FusedMultiplyAdd(new Vector<float>(panel[3]), b, acc3);
            panel += Rows;
            lanes += step;
        }

        acc0.Store(sums);
        acc1.Store(sums + width);
        acc2.Store(sums + 2 * width);
        acc3.Store(sums + 3 * width);
    }

    private static void Run2(float* panel, float* lanes, nint step, int pixels, float* sums)
    {
        int width = Vector<float>.Count;
        Vector<float> acc00 = Vector.Load(sums);
        Vector<float> acc01 = Vector.Load(sums + width);
        Vector<float> acc10 = Vector.Load(sums + 2 * width);
        Vector<float> acc11 = Vector.Load(sums + 3 * width);
        Vector<float> acc20 = Vector.Load(sums + 4 * width);
        Vector<float> acc21 = Vector.Load(sums + 5 * width);
        Vector<float> acc30 = Vector.Load(sums + 6 * width);
        Vector<float> acc31 = Vector.Load(sums + 7 * width);
        for (int i = 0; i < pixels; i++)
        {
            Vector<float> b0 = Vector.Load(lanes);
            Vector<float> b1 = Vector.Load(lanes + width);
            var a = new Vector<float>(panel[0]);
            acc00 = Vector.FusedMultiplyAdd(a, b0, acc00);
            acc01 = Vector.FusedMultiplyAdd(a, b1, acc01);
            a = new Vector<float>(panel[1]);
            acc10 = Vector.FusedMultiplyAdd(a, b0, acc10);
            acc11 = Vector.FusedMultiplyAdd(a, b1, acc11);
            a = new Vector<float>(panel[2]);
            acc20 = Vector.FusedMultiplyAdd(a, b0, acc20);
            acc21 = Vector.FusedMultiplyAdd(a, b1, acc21);
            a = new Vector<float>(panel[3]);
            acc30 = Vector.FusedMultiplyAdd(a, b0, acc30);
            acc31 = Vector.FusedMultiplyAdd(a, b1, acc31);
            panel += Rows;
            lanes += step;
        }

        acc00.Store(sums);
        acc01.Store(sums + width);
        acc10.Store(sums + 2 * width);
        acc11.Store(sums + 3 * width);
        acc20.Store(sums + 4 * width);
        acc21.Store(sums + 5 * width);
        acc30.Store(sums + 6 * width);
        acc31.Store(sums + 7 * width);
    }

    private static void Run3(float* panel, float* lanes, nint step, int pixels, float* sums)
    {
        int width = Vector<float>.Count;
        Vector<float> acc00 = Vector.Load(sums);
        Vector<float> acc01 = Vector.Load(sums + width);
        Vector<float> acc02 = Vector.Load(sums + 2 * width);
        Vector<float> acc10 = Vector.Load(sums + 3 * width);
        Vector<float> acc11 = Vector.Load(sums + 4 * width);
        Vector<float> acc12 = Vector.Load(sums + 5 * width);
        Vector<float> acc20 = Vector.Load(sums + 6 * width);
        Vector<float> acc21 = Vector.Load(sums + 7 * width);
        Vector<float> acc22 = Vector.Load(sums + 8 * width);
        Vector<float> acc30 = Vector.Load(sums + 9 * width);
        Vector<float> acc31 = Vector.Load(sums + 10 * width);
        Vector<float> acc32 = Vector.Load(sums + 11 * width);
        for (int i = 0; i < pixels; i++)
        {
            Vector<float> b0 = Vector.Load(lanes);
            Vector<float> b1 = Vector.Load(lanes + width);
            Vector<float> b2 = Vector.Load(lanes + 2 * width);
            var a = new Vector<float>(panel[0]);
            acc00 = Vector.FusedMultiplyAdd(a, b0, acc00);
            acc01 = Vector.FusedMultiplyAdd(a, b1, acc01);
            acc02 = Vector.FusedMultiplyAdd(a, b2, acc02);
            a = new Vector<float>(panel[1]);
            acc10 = Vector.FusedMultiplyAdd(a, b0, acc10);
            acc11 = Vector.FusedMultiplyAdd(a, b1, acc11);
            acc12 = Vector.FusedMultiplyAdd(a, b2, acc12);
            a = new Vector<float>(panel[2]);
            acc20 = Vector.FusedMultiplyAdd(a, b0, acc20);
            acc21 = Vector.FusedMultiplyAdd(a, b1, acc21);
            acc22 = Vector.FusedMultiplyAdd(a, b2, acc22);
            a = new Vector<float>(panel[3]);
            acc30 = Vector.FusedMultiplyAdd(a, b0, acc30);
            acc31 = Vector.FusedMultiplyAdd(a, b1, acc31);
            acc32 = Vector.FusedMultiplyAdd(a, b2, acc32);
            panel += Rows;
            lanes += step;
        }

        acc00.Store(sums);
        acc01.Store(sums + width);
        acc02.Store(sums + 2 * width);
        acc10.Store(sums + 3 * width);
        acc11.Store(sums + 4 * width);
        acc12.Store(sums + 5 * width);
        acc20.Store(sums + 6 * width);
        acc21.Store(sums + 7 * width);
        acc22.Store(sums + 8 * width);
        acc30.Store(sums + 9 * width);
        acc31.Store(sums + 10 * width);
        acc32.Store(sums + 11 * width);
    }
}
