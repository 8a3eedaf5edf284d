using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Kernels.Models.Rounding;

/// <summary>Means and second moments of patches.</summary>
/// <param name="reader">What is read.</param>
internal sealed class PatchMoments(PatchReader reader)
{
    // Patches that are added at once, so that a row of sums is loaded once for several of them.
    private const int Block = 64;
    private const int Together = 4;

    private readonly float[] _patches = new float[Block * reader.Length];
    private readonly float[] _sums = new float[reader.Length];

    // Row i holds the sums of products with i and what follows; the rest is 0.
    private readonly float[] _products = new float[reader.Length * reader.Length];
    private int _waiting;
    private long _count;

    /// <summary>What is read.</summary>
    public PatchReader Reader => reader;

    /// <summary>Takes pixels of an image into account, evenly over it.</summary>
    /// <param name="image">Values of the layer's input in order h, w, c.</param>
    /// <param name="input">Shape of the input.</param>
    /// <param name="output">Shape of the layer's output.</param>
    /// <param name="most">At most so many pixels.</param>
    public void Add(ReadOnlySpan<float> image, Shape4 input, Shape4 output, int most)
    {
        int pixels = reader.Pixels(output);
        int count = Math.Min(pixels, most);
        for (int i = 0; i < count; i++)
        {
            // The middle of each of as many equal parts.
            int pixel = (int)(((long)i * 2 + 1) * pixels / (2L * count));
            reader.Read(image, input, output, pixel, _patches.AsSpan(_waiting * reader.Length, reader.Length));
            if (++_waiting == Block)
            {
                Flush();
            }
        }
    }

    /// <summary>Mean of each value.</summary>
    public double[] Means()
    {
        Flush();
        return Array.ConvertAll(_sums, sum => _count == 0 ? 0 : (double)sum / _count);
    }

    /// <summary>Mean of the product of two values.</summary>
    /// <param name="i">One.</param>
    /// <param name="j">The other.</param>
    public double Product(int i, int j)
    {
        Flush();
        return _count == 0 ? 0 : (double)_products[Math.Min(i, j) * reader.Length + Math.Max(i, j)] / _count;
    }

    private void Flush()
    {
        if (_waiting == 0)
        {
            return;
        }

        int length = reader.Length;

        // What is missing to a whole number of quadruples counts as 0.
        int patches = (_waiting + Together - 1) / Together * Together;
        _patches.AsSpan(_waiting * length, (patches - _waiting) * length).Clear();
        Sum(_patches, patches, length, _sums);
        for (int i = 0; i < length; i++)
        {
            Row(_patches, patches, length, i, _products.AsSpan(i * length, length));
        }

        _count += _waiting;
        _waiting = 0;
    }

    private static void Sum(ReadOnlySpan<float> patches, int count, int length, Span<float> sums)
    {
        for (int i = 0; i < count * length; i++)
        {
            sums[i % length] += patches[i];
        }
    }

    // A row of products stays in the first cache while all patches add to it, four at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(ReadOnlySpan<float> patches, int count, int length, int i, Span<float> products)
    {
        for (int patch = 0; patch < count; patch += Together)
        {
            ReadOnlySpan<float> a = patches.Slice(patch * length, length);
            ReadOnlySpan<float> b = patches.Slice((patch + 1) * length, length);
            ReadOnlySpan<float> c = patches.Slice((patch + 2) * length, length);
            ReadOnlySpan<float> d = patches.Slice((patch + 3) * length, length);
            (float fa, float fb, float fc, float fd) = (a[i], b[i], c[i], d[i]);
            int j = i;
            for (; j <= length - Vector<float>.Count; j += Vector<float>.Count)
            {
                Vector<float> sum = new Vector<float>(a[j..]) * fa + new Vector<float>(b[j..]) * fb;
                sum += new Vector<float>(c[j..]) * fc + new Vector<float>(d[j..]) * fd;
                (new Vector<float>(products[j..]) + sum).CopyTo(products[j..]);
            }

            for (; j < length; j++)
            {
                products[j] += a[j] * fa + b[j] * fb + (c[j] * fc + d[j] * fd);
            }
        }
    }
}
