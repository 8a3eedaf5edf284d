using System;
using Kernels.Layers;
using Kernels.Models;

namespace Kernels.Onnx.Lowering;

/// <summary>Makes operations: the function's name, its arguments, and its module.</summary>
internal static class Operations
{
    public static Operation Convolution(ConvolutionSpec spec, LayerWeights weights) =>
        Of(spec.Kind.ToString(), () => Modules.Convolution(spec, weights)) with { Spec = spec, Weights = weights };

    public static Operation Linear(LayerWeights weights)
    {
        Shape4 shape = weights.Weight.Shape;
        return Of("Linear", () => Modules.Linear(weights)) with { Spec = ConvolutionSpecs.Linear(shape.C, shape.N, !weights.Bias.IsEmpty), Weights = weights };
    }

    public static Operation BatchNorm2d(BatchNormParameters parameters) => Of("BatchNorm2d", () => Modules.BatchNorm2d(parameters), ("channels", parameters.Channels), ("epsilon", parameters.Epsilon)) with
    {
        BatchNorm = parameters,
        Tensors = [Vector("weight", parameters.Weight), Vector("bias", parameters.Bias), Vector("running_mean", parameters.Mean), Vector("running_var", parameters.Variance)],
    };

    public static Operation InstanceNorm2d(NormalizationParameters parameters) =>
        Of("InstanceNorm2d", () => Modules.InstanceNorm2d(parameters), ("channels", parameters.Channels), ("epsilon", parameters.Epsilon)) with { Tensors = WeightAndBias(parameters) };

    public static Operation GroupNorm(int groups, NormalizationParameters parameters) =>
        Of("GroupNorm", () => Modules.GroupNorm(groups, parameters), ("groups", groups), ("channels", parameters.Channels), ("epsilon", parameters.Epsilon)) with { Tensors = WeightAndBias(parameters) };

    public static Operation LayerNorm(NormalizationParameters parameters) =>
        Of("LayerNorm", () => Modules.LayerNorm(parameters), ("channels", parameters.Channels), ("epsilon", parameters.Epsilon)) with { Tensors = WeightAndBias(parameters) };

    public static Operation ReLU() => Of("ReLU", Modules.ReLU) with { Clip = (0, float.PositiveInfinity) };

    public static Operation ReLU6() => Of("ReLU6", Modules.ReLU6) with { Clip = (0, 6) };

    public static Operation Hardtanh(float least, float greatest) =>
        Of("Hardtanh", () => Modules.Hardtanh(least, greatest), ("minVal", least), ("maxVal", greatest)) with { Clip = (least, greatest) };

    public static Operation LeakyReLU(float slope) => Of("LeakyReLU", () => Modules.LeakyReLU(slope), ("negativeSlope", slope));

    public static Operation PReLU(float[] slopes) => Of("PReLU", () => Modules.PReLU(slopes), ("channels", slopes.Length)) with { Tensors = [Vector("weight", slopes)] };

    public static Operation Sigmoid() => Of("Sigmoid", Modules.Sigmoid);

    public static Operation Tanh() => Of("Tanh", Modules.Tanh);

    public static Operation Hardsigmoid() => Of("Hardsigmoid", Modules.Hardsigmoid);

    public static Operation Hardswish() => Of("Hardswish", Modules.Hardswish);

    public static Operation SiLU() => Of("SiLU", Modules.SiLU);

    public static Operation ELU(float alpha) => Of("ELU", () => Modules.ELU(alpha), ("alpha", alpha));

    public static Operation GELU(bool isTanh)
    {
        GeluApproximation approximation = isTanh ? GeluApproximation.Tanh : GeluApproximation.None;
        return Of("GELU", () => Modules.GELU(approximation), ("approximate", approximation));
    }

    public static Operation Mish() => Of("Mish", Modules.Mish);

    public static Operation Softplus() => Of("Softplus", static () => Modules.Softplus());

    public static Operation Softmax(int axis) => Of("Softmax", () => Modules.Softmax(axis), ("axis", axis));

    public static Operation Pow(float exponent) => Of("Pow", () => Modules.Pow(exponent), ("exponent", exponent));

    public static Operation Affine(AffineParameters parameters) => Of("Affine", () => Modules.Affine(parameters), ("channels", parameters.Channels)) with
    {
        Affine = parameters,
        Tensors = parameters.Channels == 1 ? [] : [Vector("weight", parameters.Scale), Vector("bias", parameters.Shift)],
    };

    public static Operation Binary(string function) => Of(function, () => function switch
    {
        "Add" => Modules.Add(),
        "Sub" => Modules.Sub(),
        "Mul" => Modules.Mul(),
        "Div" => Modules.Div(),
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, null),
    });

    public static Operation MatMul() => Of("MatMul", Modules.MatMul);

    public static Operation MaxPool2d(PoolingSpec spec) => Of("MaxPool2d", () => Modules.MaxPool2d(spec), ("spec", spec));

    public static Operation AvgPool2d(PoolingSpec spec) => Of("AvgPool2d", () => Modules.AvgPool2d(spec), ("spec", spec));

    public static Operation GlobalAvgPool2d() => Of("GlobalAvgPool2d", Modules.GlobalAvgPool2d);

    public static Operation Mean(params int[] axes) => Of("Mean", () => Modules.Mean(new MeanSpec(axes)), ("axes", string.Join(", ", axes)));

    public static Operation Upsample(UpsampleSpec spec) => Of("Upsample", () => Modules.Upsample(spec), ("spec", spec));

    public static Operation Crop(CropSpec spec) => Of("Crop", () => Modules.Crop(spec), ("spec", spec));

    public static Operation Pad(PadSpec spec) => Of("Pad", () => Modules.Pad(spec), ("spec", spec));

    public static Operation Cat(int axis, bool shares = true) => Of("Cat", () => Modules.Cat(axis, shares), ("axis", axis)) with { CatAxis = axis };

    /// <summary>The same numbers with another scale.</summary>
    public static Operation Requantize() => Affine(new AffineParameters([1f], [0f]));

    public static Operation Slice(SliceSpec spec) => Of("Slice", () => Modules.Slice(spec), ("spec", spec));

    public static Operation Flatten() => Of("Flatten", Modules.Flatten);

    /// <summary>Another shape of every image; the batch of the shape does not count.</summary>
    public static Operation Reshape(Shape4 shape) =>
        Of("Reshape", () => Modules.Reshape(new ReshapeSpec(shape.C, shape.H, shape.W)), ("channels", shape.C), ("height", shape.H), ("width", shape.W));

    /// <summary>Axes in another order: where each of the output's comes from.</summary>
    public static Operation Permute(int[] order) => Of("Permute", () => Modules.Permute(order[0], order[1], order[2], order[3]), ("order", string.Join(", ", order)));

    public static Operation PixelShuffle(PixelShuffleSpec spec) => Of("PixelShuffle", () => Modules.PixelShuffle(spec), ("spec", spec));

    public static Operation PixelUnshuffle(PixelShuffleSpec spec) => Of("PixelUnshuffle", () => Modules.PixelUnshuffle(spec), ("spec", spec));

    public static Operation Constant(FloatTensor tensor)
    {
        (int n, int c, int h, int w) = (tensor.Shape.N, tensor.Shape.C, tensor.Shape.H, tensor.Shape.W);
        return Of("Constant", () => Modules.Constant(tensor), ("batch", n), ("channels", c), ("height", h), ("width", w)) with
        {
            Constant = tensor,
            Tensors = [("value", [n, c, h, w], tensor.ToNchw())],
        };
    }

    /// <summary>A function that only has meaning as a part of a pattern; the import fails when no pattern takes it.</summary>
    public static Operation Pending(string function) =>
        Of(function, () => throw new LoweringException($"the operator {function} is supported as a part of a known function only, such as Erf in GELU")) with { IsPending = true };

    private static (string Name, int[] Dimensions, float[] Values) Vector(string name, ReadOnlySpan<float> values) => (name, [values.Length], values.ToArray());

    private static (string Name, int[] Dimensions, float[] Values)[] WeightAndBias(NormalizationParameters parameters) => [Vector("weight", parameters.Weight), Vector("bias", parameters.Bias)];

    private static Operation Of(string function, Func<Module> create, params (string Name, object Value)[] arguments) => new(function, arguments) { Create = create };
}
