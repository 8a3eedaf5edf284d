using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Onnx.Lowering;

/// <summary>What a step of an imported network computes: enough to make its module and to write it as source.</summary>
/// <param name="Function">The name of the function, as <see cref="Modules"/> has it.</param>
/// <param name="Arguments">Its arguments by parameter name; large ones are data below.</param>
internal sealed record Operation(string Function, IReadOnlyList<(string Name, object Value)> Arguments)
{
    /// <summary>Makes the module.</summary>
    public required Func<Module> Create { get; init; }

    /// <summary>The shape of a convolution, transposed convolution or linear layer.</summary>
    public ConvolutionSpec? Spec { get; init; }

    /// <summary>The weights of a layer that has a <see cref="Spec"/>.</summary>
    public LayerWeights? Weights { get; init; }

    /// <summary>Scales and zero points of the weights, where the file holds them as int8.</summary>
    public WeightQuantization? WeightScales { get; init; }

    /// <summary>Scales of the bias, one or one for each output channel, where the file holds it as int32.</summary>
    public float[]? BiasScales { get; init; }

    /// <summary>The statistics of a batch norm.</summary>
    public BatchNormParameters? BatchNorm { get; init; }

    /// <summary>The numbers of <c>x * scale + shift</c>.</summary>
    public AffineParameters? Affine { get; init; }

    /// <summary>The bounds of a clip.</summary>
    public (float Least, float Greatest)? Clip { get; init; }

    /// <summary>Whether it only has meaning as a part of a pattern.</summary>
    public bool IsPending { get; init; }

    /// <summary>Tensors of a layer without a <see cref="Spec"/>, by the ends of their names in a file of weights; none for functions.</summary>
    public IReadOnlyList<(string Name, int[] Dimensions, float[] Values)> Tensors { get; init; } = [];

    /// <summary>The axis of a concatenation.</summary>
    public int CatAxis { get; init; }

    /// <summary>The tensor that a constant step makes.</summary>
    public FloatTensor? Constant { get; init; }

    /// <summary>The operation as text, data apart: where two networks of one file differ in it, they are different networks.</summary>
    public string Text => $"{Function}({string.Join(", ", Arguments.Select(static a => string.Create(CultureInfo.InvariantCulture, $"{a.Name}: {a.Value}")))})"
        + (Spec is null ? "" : $" {Spec}") + (Constant is null ? "" : $" {Constant.Shape}");
}
