using System;
using System.Linq;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Lowering;

/// <summary>
/// What a value of the graph is here: a constant, or the output of a step. Steps work on four axes (batch, channels, rows, columns); each
/// dimension that ONNX sees is one of them, so that a Transpose only renames, and dimensions of 1 fill up the rest.
/// </summary>
internal sealed record Term
{
    private Term(OnnxTensor? constant, int step, int[] shape, int[] axes)
    {
        Constant = constant;
        Step = step;
        Shape = shape;
        Axes = axes;
    }

    /// <summary>The constant; null for the output of a step.</summary>
    public OnnxTensor? Constant { get; }

    /// <summary>0 for the network's input, 1 for the first step's output, and so on.</summary>
    public int Step { get; }

    /// <summary>The dimensions as ONNX sees them.</summary>
    public int[] Shape { get; }

    /// <summary>Which of the four axes each dimension is.</summary>
    public int[] Axes { get; }

    /// <summary>What it is a view of, when it has more than four dimensions; it has no axes then.</summary>
    public ShapeView? View { get; private init; }

    /// <summary>The type of its codes, where the graph means the codes of the value and not the numbers that they stand for.</summary>
    public ElementType? Codes { get; init; }

    public int Rank => Shape.Length;

    /// <summary>The shape as steps see it.</summary>
    public Shape4 Physical
    {
        get
        {
            int[] sizes = [1, 1, 1, 1];
            for (int i = 0; i < Axes.Length; i++)
            {
                sizes[Axes[i]] = Shape[i];
            }

            return new Shape4(sizes[0], sizes[1], sizes[2], sizes[3]);
        }
    }

    /// <summary>Whether the dimensions have the places that tensors of that rank have by default.</summary>
    public bool IsDefault => Axes.AsSpan().SequenceEqual(DefaultAxes(Rank));

    public static Term Of(OnnxTensor constant) => new(constant, -1, constant.Shape, []);

    /// <summary>The output of a step, or the network's input, 0.</summary>
    /// <exception cref="LoweringException">A constant, which has no step, was taken for one.</exception>
    public static Term Of(int step, int[] shape, int[] axes) => new(null, Placed(step), shape, axes);

    /// <summary>A step, since neither a constant nor a view has one.</summary>
    /// <exception cref="LoweringException">It is none.</exception>
    public static int Placed(int step) => step >= 0 ? step : throw new LoweringException("the operator is not supported on constants");

    public static Term Of(ShapeView view) => new(null, -1, view.Shape, []) { View = view };

    /// <summary>The axes of a tensor of a rank: N; N, C; N, C, W; N, C, H, W. A vector is channels.</summary>
    public static int[] DefaultAxes(int rank) => rank switch
    {
        0 => [],
        1 => [1],
        2 => [0, 1],
        3 => [0, 1, 3],
        4 => [0, 1, 2, 3],
        _ => throw new LoweringException($"a tensor of {rank} dimensions is not supported: networks have batch, channels, rows and columns"),
    };

    /// <summary>The same value with dimensions of 1 in front, up to a rank.</summary>
    public Term Extended(int rank)
    {
        if (rank <= Rank)
        {
            return this;
        }

        int[] free = [.. Enumerable.Range(0, 4).Except(Axes)];
        return rank - Rank <= free.Length
            ? Of(Step, [.. Enumerable.Repeat(1, rank - Rank), .. Shape], [.. free[..(rank - Rank)], .. Axes])
            : throw new LoweringException($"a tensor of {rank} dimensions is not supported: networks have batch, channels, rows and columns");
    }
}
