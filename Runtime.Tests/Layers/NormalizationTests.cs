using System;
using FsCheck.Xunit;
using Kernels.Layers;
using Xunit;

namespace Kernels.Tests.Layers;

public class NormalizationTests
{
    [Property]
    public void Groups_of_channels_are_normalized_in_every_image(int seed)
    {
        var random = new Random(seed);
        int groups = random.Next(1, 5);
        var shape = new Shape4(2, groups * random.Next(1, 12), random.Next(1, 7), random.Next(2, 7));
        (FloatTensor x, NormalizationParameters parameters) = Random(random, shape);
        FloatTensor y = new FloatGroupNorm(groups, parameters).Forward(x);
        int perGroup = shape.C / groups;
        Check(shape, x, y, parameters, (n, c, h, w, visit) => ForEach(new Shape4(1, perGroup, shape.H, shape.W), (_, k, i, j) => visit(n, c / perGroup * perGroup + k, i, j)));
    }

    [Property]
    public void A_layer_norm_takes_the_channels_of_each_pixel(int seed)
    {
        var random = new Random(seed);
        var shape = new Shape4(2, random.Next(2, 40), random.Next(1, 5), random.Next(1, 5));
        (FloatTensor x, NormalizationParameters parameters) = Random(random, shape);
        FloatTensor y = new FloatLayerNorm(parameters).Forward(x);
        Check(shape, x, y, parameters, (n, _, h, w, visit) =>
        {
            for (int k = 0; k < shape.C; k++)
            {
                visit(n, k, h, w);
            }
        });
    }

    [Property]
    public void Softmax_shares_one_among_the_elements_of_an_axis(int seed)
    {
        var random = new Random(seed);
        var shape = new Shape4(random.Next(1, 4), random.Next(1, 40), random.Next(1, 6), random.Next(1, 6));
        int axis = random.Next(-4, 4);
        (FloatTensor x, _) = Random(random, shape);
        foreach (ref float value in x.Data)
        {
            value = value * 30 + 200;
        }

        FloatTensor y = new FloatSoftmax(axis).Forward(x);
        ForEach(shape, (n, c, h, w) =>
        {
            int size = ((axis + 4) % 4) switch { 0 => shape.N, 1 => shape.C, 2 => shape.H, _ => shape.W };
            double sum = 0;
            for (int k = 0; k < size; k++)
            {
                float other = ((axis + 4) % 4) switch { 0 => x[k, c, h, w], 1 => x[n, k, h, w], 2 => x[n, c, k, w], _ => x[n, c, h, k] };
                sum += Math.Exp((double)other - x[n, c, h, w]);
            }

            Assert.Equal(1 / sum, y[n, c, h, w], 1e-5);
        });
    }

    [Fact]
    public void Parameters_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new NormalizationParameters(3, [1f, 2f]));
        Assert.Throws<ArgumentException>(() => new NormalizationParameters(3, epsilon: -1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NormalizationParameters(0));
        Assert.Throws<ArgumentException>(() => new FloatGroupNorm(2, new NormalizationParameters(3)));
        Assert.Throws<ArgumentException>(() => new FloatLayerNorm(new NormalizationParameters(3)).Forward(new FloatTensor(new Shape4(1, 4, 1, 1))));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FloatSoftmax(4));
    }

    private static void Check(Shape4 shape, FloatTensor x, FloatTensor y, NormalizationParameters parameters, Action<int, int, int, int, Action<int, int, int, int>> set) => ForEach(shape, (n, c, h, w) =>
    {
        (double sum, double squares, int count) = (0, 0, 0);
        set(n, c, h, w, (i, j, k, l) =>
        {
            sum += x[i, j, k, l];
            count++;
        });
        double mean = sum / count;
        set(n, c, h, w, (i, j, k, l) => squares += (x[i, j, k, l] - mean) * (x[i, j, k, l] - mean));
        double expected = (x[n, c, h, w] - mean) / Math.Sqrt(squares / count + parameters.Epsilon) * parameters.Weight[c] + parameters.Bias[c];
        Assert.Equal(expected, y[n, c, h, w], 1e-5);
    });

    private static (FloatTensor X, NormalizationParameters Parameters) Random(Random random, Shape4 shape)
    {
        float[] weight = random.Next(3) == 0 ? [] : Floats(shape.C);
        float[] bias = random.Next(3) == 0 ? [] : Floats(shape.C);
        return (new FloatTensor(shape, Floats(shape.Count)), new NormalizationParameters(shape.C, weight, bias, 1e-3f));

        float[] Floats(int count)
        {
            var values = new float[count];
            for (int i = 0; i < count; i++)
            {
                values[i] = random.NextSingle() * 2 - 1;
            }

            return values;
        }
    }

    private static void ForEach(Shape4 shape, Action<int, int, int, int> action)
    {
        for (int i = 0; i < shape.Count; i++)
        {
            action(i / shape.W / shape.H / shape.C, i / shape.W / shape.H % shape.C, i / shape.W % shape.H, i % shape.W);
        }
    }
}
