using System;
using Kernels.Layers;
using Kernels.Models.Balancing;
using Kernels.Models.Nodes;

namespace Kernels.Models;

/// <content>Activations.</content>
public static partial class Modules
{
    /// <summary><c>max(x, 0)</c>. <see cref="FloatModel.Fuse"/> fuses it into the layer before it.</summary>
    /// <returns>The layer.</returns>
    public static Module ReLU() => new SharingModule("ReLU", new(), new FloatRelu(), static q => new QuantizedRelu(q)) { Ties = ChannelTieRules.Same };

    /// <summary><c>min(max(x, 0), 6)</c>. <see cref="FloatModel.Fuse"/> fuses it into the layer before it.</summary>
    /// <returns>The layer.</returns>
    public static Module ReLU6() => new SharingModule("ReLU6", new(), new FloatRelu6(), static q => new QuantizedRelu6(q));

    /// <summary><c>x</c> above zero, <c>negativeSlope * x</c> below. <see cref="FloatModel.Fuse"/> fuses it into the convolution before it.</summary>
    /// <param name="negativeSlope">Slope below zero.</param>
    /// <returns>The layer.</returns>
    public static Module LeakyReLU(float negativeSlope = 0.01f) => new UnaryModule(
        "LeakyReLU",
        new ModuleArguments().With("negative_slope", negativeSlope),
        new FloatLeakyRelu(negativeSlope),
        (input, output) => new QuantizedLeakyRelu(input, output, negativeSlope)) { IsHomogeneous = true };

    /// <summary><c>1 / (1 + exp(-x))</c>; its int8 output has PyTorch's fixed scale 1/256 unless a configuration fixes another.</summary>
    /// <returns>The layer.</returns>
    public static Module Sigmoid() =>
        new UnaryModule("Sigmoid", new(), new FloatSigmoid(), static (input, output) => new QuantizedSigmoid(input, output)) { FixedParameters = QuantizedSigmoid.FixedOutput };

    /// <summary>Hyperbolic tangent; its int8 output has PyTorch's fixed scale 2/256 unless a configuration fixes another.</summary>
    /// <returns>The layer.</returns>
    public static Module Tanh() =>
        new UnaryModule("Tanh", new(), new FloatTanh(), static (input, output) => new QuantizedTanh(input, output)) { FixedParameters = QuantizedTanh.FixedOutput };

    /// <summary><c>x * min(max(x + 3, 0), 6) / 6</c>.</summary>
    /// <returns>The layer.</returns>
    public static Module Hardswish() => new UnaryModule("Hardswish", new(), new FloatHardSwish(), static (input, output) => new QuantizedHardSwish(input, output));

    /// <summary><c>min(max(x + 3, 0), 6) / 6</c>; its int8 output has PyTorch's fixed scale 1/256 unless a configuration fixes another.</summary>
    /// <returns>The layer.</returns>
    public static Module Hardsigmoid() =>
        new UnaryModule("Hardsigmoid", new(), new FloatHardSigmoid(), static (input, output) => new QuantizedHardSigmoid(input, output)) { FixedParameters = QuantizedHardSigmoid.FixedOutput };

    /// <summary><c>min(max(x, minVal), maxVal)</c>.</summary>
    /// <param name="minVal">Least result.</param>
    /// <param name="maxVal">Greatest result.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">The bounds are NaN or in the wrong order.</exception>
    public static Module Hardtanh(float minVal = -1f, float maxVal = 1f) => new SharingModule(
        "Hardtanh",
        new ModuleArguments().With("min_val", minVal).With("max_val", maxVal),
        new FloatHardtanh(minVal, maxVal),
        q => new QuantizedHardtanh(q, minVal, maxVal));

    /// <summary><c>x</c> above zero, <c>weight * x</c> below.</summary>
    /// <param name="weight">Slopes below zero: one for all channels, or one a channel.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">There is no slope, or one is not finite.</exception>
    public static Module PReLU(params float[] weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        var layer = new FloatPRelu(weight);
        return new UnaryModule("PReLU", new ModuleArguments().With("num_parameters", weight.Length), layer, (input, output) => new QuantizedPRelu(layer.Weight, input, output))
        {
            IsHomogeneous = true,
            Tensors = [("weight", layer.Weight.ToArray())],
            Channels = weight.Length == 1 ? 0 : weight.Length,
        };
    }

    /// <summary><c>x / (1 + exp(-x))</c>, also called Swish.</summary>
    /// <returns>The layer.</returns>
    public static Module SiLU() => new UnaryModule("SiLU", new(), new FloatSilu(), static (input, output) => new QuantizedSilu(input, output));

    /// <summary><c>x</c> times the normal distribution's share below it.</summary>
    /// <param name="approximate">With the error function, or PyTorch's approximation with a hyperbolic tangent.</param>
    /// <returns>The layer.</returns>
    public static Module GELU(GeluApproximation approximate = GeluApproximation.None) => new UnaryModule(
        "GELU",
        new ModuleArguments().With("approximate", approximate),
        new FloatGelu(approximate),
        (input, output) => new QuantizedGelu(input, output, approximate));

    /// <summary><c>x</c> above zero, <c>alpha * (exp(x) - 1)</c> below.</summary>
    /// <param name="alpha">Minus the limit far below zero.</param>
    /// <returns>The layer.</returns>
    public static Module ELU(float alpha = 1f) => new UnaryModule(
        "ELU", new ModuleArguments().With("alpha", alpha), new FloatElu(alpha), (input, output) => new QuantizedElu(input, output, alpha));

    /// <summary><c>x * tanh(log(1 + exp(x)))</c>.</summary>
    /// <returns>The layer.</returns>
    public static Module Mish() => new UnaryModule("Mish", new(), new FloatMish(), static (input, output) => new QuantizedMish(input, output));

    /// <summary><c>log(1 + exp(beta * x)) / beta</c>, and <c>x</c> where <c>beta * x</c> is above a threshold.</summary>
    /// <param name="beta">Steepness, not 0.</param>
    /// <param name="threshold">Where the function counts as x.</param>
    /// <returns>The layer.</returns>
    public static Module Softplus(float beta = 1f, float threshold = 20f) => new UnaryModule(
        "Softplus",
        new ModuleArguments().With("beta", beta).With("threshold", threshold),
        new FloatSoftplus(beta, threshold),
        (input, output) => new QuantizedSoftplus(input, output, beta, threshold));

    /// <summary>Softmax along an axis; the layer stays float.</summary>
    /// <param name="axis">PyTorch's dim: 0 batch, 1 channels, 2 rows, 3 columns; negative counts from the end.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The axis does not exist.</exception>
    public static Module Softmax(int axis)
    {
        var layer = new FloatSoftmax(axis);
        return new UnaryModule("Softmax", new ModuleArguments().With("axis", layer.Axis), layer, null);
    }
}
