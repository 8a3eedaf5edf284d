using System;
using System.Buffers;

namespace Kernels.Layers;

/// <summary>
/// Matrix product over rows and columns: PyTorch's <c>torch.matmul</c> of [n, c, rows, k] and [n, c, k, columns]. Batch and channels, of which either
/// input may have one, count the matrices.
/// </summary>
public sealed class FloatMatMul : IFloatBinaryLayer
{
    /// <summary>Shape of the output.</summary>
    /// <param name="first">Shape of the first input.</param>
    /// <param name="second">Shape of the second input.</param>
    /// <returns>The first one's rows and the second one's columns.</returns>
    /// <exception cref="ArgumentException">The first one's columns are not the second one's rows, or batch or channels differ and none is 1.</exception>
    public Shape4 OutputShape(Shape4 first, Shape4 second)
    {
        first.Checked(nameof(first));
        second.Checked(nameof(second));
        return first.W == second.H
            ? Broadcasting.OutputShape(first with { W = second.W }, second with { H = first.H })
            : throw new ArgumentException($"The first input {first} must have as many columns as the second {second} has rows.", nameof(second));
    }

    /// <summary>Runs the layer over tensors.</summary>
    /// <param name="first">The first input.</param>
    /// <param name="second">The second input.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public FloatTensor Forward(FloatTensor first, FloatTensor second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var output = new FloatTensor(OutputShape(first.Shape, second.Shape));
        Run(first.Data, first.Shape, second.Data, second.Shape, output.Data);
        return output;
    }

    /// <summary>Runs the layer over spans.</summary>
    /// <param name="first">Elements in order n, h, w, c.</param>
    /// <param name="firstShape">Shape of the first input.</param>
    /// <param name="second">Elements in order n, h, w, c.</param>
    /// <param name="secondShape">Shape of the second input.</param>
    /// <param name="output">Receives the elements. Must not overlap an input.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape, or the shapes do not fit.</exception>
    public void Run(ReadOnlySpan<float> first, Shape4 firstShape, ReadOnlySpan<float> second, Shape4 secondShape, Span<float> output)
    {
        Shape4 to = OutputShape(firstShape, secondShape);
        RunArguments.Check(firstShape, first, to, output);
        RunArguments.Check<float>(secondShape, second, to, output);
        float[] a = Planes(first, firstShape);
        float[] b = Planes(second, secondShape);
        float[] c = ArrayPool<float>.Shared.Rent(to.Count);
        c.AsSpan(0, to.Count).Clear();
        for (int i = 0; i < to.N * to.C; i++)
        {
            AddProduct(Plane(a, firstShape, to, i), firstShape, Plane(b, secondShape, to, i), secondShape, c.AsSpan(i * to.H * to.W, to.H * to.W));
        }

        ChannelsLast.FromNchw<float>(to, c, output);
        ArrayPool<float>.Shared.Return(a);
        ArrayPool<float>.Shared.Return(b);
        ArrayPool<float>.Shared.Return(c);
    }

    /// <summary>The gradients: that of the output times the other input turned on its diagonal.</summary>
    void IFloatBinaryLayer.Backward(FloatTensor first, FloatTensor second, FloatTensor output, FloatTensor outputGradient, FloatTensor firstGradient, FloatTensor secondGradient)
    {
        Shape4 to = output.Shape;
        Shape4 firstTurned = Turned(first.Shape);
        Shape4 secondTurned = Turned(second.Shape);
        float[] gradient = Planes(outputGradient.Data, to);
        float[] a = Planes(first.Data, first.Shape);
        float[] b = Planes(second.Data, second.Shape);
        float[] turned = ArrayPool<float>.Shared.Rent(Math.Max(first.Shape.Count, second.Shape.Count));
        var byFirst = new float[first.Shape.Count];
        var bySecond = new float[second.Shape.Count];
        for (int i = 0; i < to.N * to.C; i++)
        {
            ReadOnlySpan<float> plane = Plane(gradient, to, to, i);
            Turn(Plane(b, second.Shape, to, i), second.Shape, turned);
            AddProduct(plane, to, turned, secondTurned, Plane(byFirst, first.Shape, to, i));
            Turn(Plane(a, first.Shape, to, i), first.Shape, turned);
            AddProduct(turned, firstTurned, plane, to, Plane(bySecond, second.Shape, to, i));
        }

        ChannelsLast.FromNchw<float>(first.Shape, byFirst, firstGradient.Data);
        ChannelsLast.FromNchw<float>(second.Shape, bySecond, secondGradient.Data);
        ArrayPool<float>.Shared.Return(gradient);
        ArrayPool<float>.Shared.Return(a);
        ArrayPool<float>.Shared.Return(b);
        ArrayPool<float>.Shared.Return(turned);
    }

    private static Shape4 Turned(Shape4 shape) => shape with { H = shape.W, W = shape.H };

    /// <summary>Rented: the matrices one behind the other.</summary>
    private static float[] Planes(ReadOnlySpan<float> values, Shape4 shape)
    {
        float[] planes = ArrayPool<float>.Shared.Rent(shape.Count);
        ChannelsLast.ToNchw(shape, values, planes.AsSpan());
        return planes;
    }

    /// <summary>The matrix of an input that belongs to one of the output.</summary>
    private static Span<float> Plane(float[] planes, Shape4 from, Shape4 to, int index)
    {
        (int n, int c) = Math.DivRem(index, to.C);
        int plane = (from.N == 1 ? 0 : n) * from.C + (from.C == 1 ? 0 : c);
        return planes.AsSpan(plane * from.H * from.W, from.H * from.W);
    }

    private static void Turn(ReadOnlySpan<float> plane, Shape4 shape, Span<float> turned)
    {
        for (int y = 0; y < shape.H; y++)
        {
            for (int x = 0; x < shape.W; x++)
            {
                turned[x * shape.H + y] = plane[y * shape.W + x];
            }
        }
    }

    /// <summary>Adds rows of the second matrix, weighted: vectors run along columns.</summary>
    private static void AddProduct(ReadOnlySpan<float> first, Shape4 firstShape, ReadOnlySpan<float> second, Shape4 secondShape, Span<float> output)
    {
        int columns = secondShape.W;
        for (int row = 0; row < firstShape.H; row++)
        {
            Span<float> sums = output.Slice(row * columns, columns);
            for (int k = 0; k < firstShape.W; k++)
            {
                Accumulation.Add(second.Slice(k * columns, columns), first[row * firstShape.W + k], sums);
            }
        }
    }
}
