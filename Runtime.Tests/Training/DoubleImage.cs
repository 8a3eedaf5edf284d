using System;

namespace Kernels.Tests.Training;

/// <summary>Values in double precision in order n, h, w, c, and layers without weights straight from their definitions.</summary>
internal sealed class DoubleImage(Shape4 shape, double[] values)
{
    public Shape4 Shape => shape;

    public double[] Values => values;

    public double this[int n, int c, int h, int w] => values[((n * shape.H + h) * shape.W + w) * shape.C + c];

    /// <summary>An image of which each value is computed.</summary>
    public static DoubleImage Of(Shape4 shape, Func<int, int, int, int, double> value)
    {
        var values = new double[shape.Count];
        for (int i = 0; i < values.Length; i++)
        {
            int pixel = i / shape.C;
            values[i] = value(pixel / (shape.H * shape.W), i % shape.C, pixel / shape.W % shape.H, pixel % shape.W);
        }

        return new DoubleImage(shape, values);
    }

    public DoubleImage Map(Func<double, double> function) => new(shape, Array.ConvertAll(values, x => function(x)));

    /// <summary>Element by element; the other image may have height and width 1.</summary>
    public DoubleImage Join(DoubleImage other, Func<double, double, double> function) =>
        Of(shape, (n, c, h, w) => function(this[n, c, h, w], other.Shape.H == shape.H ? other[n, c, h, w] : other[n, c, 0, 0]));

    /// <summary>Concatenation of channels.</summary>
    public DoubleImage Cat(DoubleImage other) =>
        Of(shape with { C = shape.C + other.Shape.C }, (n, c, h, w) => c < shape.C ? this[n, c, h, w] : other[n, c - shape.C, h, w]);
}
