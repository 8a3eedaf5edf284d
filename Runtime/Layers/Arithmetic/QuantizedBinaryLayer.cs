using System;
using System.Buffers;
using Kernels.Execution;
using Kernels.Generic;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>Base of the int8 layers that join two inputs element by element.</summary>
public abstract class QuantizedBinaryLayer : BinaryElementwise<byte>
{
    private readonly CodeJoiner _joiner;
    private readonly CodeJoiner _reversed;
    private readonly JoinConstants _constants;
    private readonly JoinConstants _reversedConstants;
    private readonly LaneTier _tier;

    /// <summary>Makes the layer.</summary>
    /// <param name="joiner">What it computes.</param>
    /// <param name="reversed">The same with its inputs in the other order.</param>
    /// <param name="first">Scale and zero point of the first input.</param>
    /// <param name="second">Scale and zero point of the second input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="multiplier">From real units, or from products of codes, to steps of the output.</param>
    /// <param name="mostSteps">The most steps of a result, either way; NaN where there is no limit.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <param name="epilogue">Functions of the result in real units; null for none.</param>
    /// <param name="realMultiplier">From what is joined to real units, for an epilogue.</param>
    /// <param name="tier">The vectors to use; null for the widest there are.</param>
    private protected QuantizedBinaryLayer(
        CodeJoiner joiner,
        CodeJoiner reversed,
        QuantizationParameters first,
        QuantizationParameters second,
        QuantizationParameters output,
        float multiplier,
        double mostSteps,
        bool relu,
        EpilogueParameters? epilogue,
        float realMultiplier,
        LaneTier? tier)
    {
        Quantizer.Check(first, QuantizedDtype.Quint8);
        Quantizer.Check(second, QuantizedDtype.Quint8);
        Quantizer.Check(output, QuantizedDtype.Quint8);
        FirstQuantization = first;
        SecondQuantization = second;
        OutputQuantization = output;
        _joiner = joiner;
        _reversed = reversed;
        if (relu && epilogue is { Spec.IsNone: false })
        {
            throw new ArgumentException($"A layer ends with a ReLU or with an epilogue, but this has both, the second {epilogue.Spec}: name the ReLU among the functions.", nameof(epilogue));
        }

        CodeSteps? steps = CodeSteps.Of(epilogue);
        _constants = steps is null
            ? new JoinConstants(first, second, output, multiplier, (byte)(relu ? output.ZeroPoint : 0), JoinConstants.IsOverflow(mostSteps))
            : new JoinConstants(first, second, output, realMultiplier, 0, MayOverflow: true, steps);
        _reversedConstants = _constants with { First = second, Second = first };
        _tier = tier ?? LaneTiers.Best;
    }

    /// <summary>Scale and zero point that the first input must have.</summary>
    public QuantizationParameters FirstQuantization { get; }

    /// <summary>Scale and zero point that the second input must have.</summary>
    public QuantizationParameters SecondQuantization { get; }

    /// <summary>Scale and zero point of the output.</summary>
    public QuantizationParameters OutputQuantization { get; }

    /// <summary>Runs the layer over tensors.</summary>
    /// <param name="first">The first input.</param>
    /// <param name="second">The second input, of the same shape, or either of size 1 along an axis.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">Shapes or quantization do not fit.</exception>
    public QuantizedTensor Forward(QuantizedTensor first, QuantizedTensor second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Quantization != FirstQuantization || second.Quantization != SecondQuantization)
        {
            throw new ArgumentException(
                $"The layer was made for inputs quantized as {FirstQuantization} and {SecondQuantization}, but got {first.Quantization} and {second.Quantization}. Requantize them first.",
                nameof(first));
        }

        var output = new QuantizedTensor(OutputShape(first.Shape, second.Shape), OutputQuantization);
        Run(first.Data, first.Shape, second.Data, second.Shape, output.Data);
        return output;
    }

    /// <summary>The most codes less their zero point that there are: what a limit of results starts from.</summary>
    private protected const double MostCode = 255;

    /// <summary>The numbers of the layer.</summary>
    internal JoinConstants Constants => _constants;

    internal LaneTier Tier => _tier;

    /// <summary>Whether negative results become 0; above a zero point of 0 there are none.</summary>
    internal bool HasRelu => _constants.Lowest != 0;

    private protected sealed override void Compute(ReadOnlySpan<byte> first, Shape4 firstShape, ReadOnlySpan<byte> second, Shape4 secondShape, Span<byte> output, Shape4 to)
    {
        _constants.Steps?.Check(to);
        if (firstShape == secondShape)
        {
            _joiner.Pairs(_constants, first, second, output, _tier);
        }
        else if (IsOfChannels(firstShape, secondShape))
        {
            Gate(_joiner, _constants, first, second, secondShape, output, to);
        }
        else if (IsOfChannels(secondShape, firstShape))
        {
            Gate(_reversed, _reversedConstants, second, first, firstShape, output, to);
        }
        else
        {
            base.Compute(first, firstShape, second, secondShape, output, to);
        }
    }

    private protected sealed override void Compute(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> output) =>
        _joiner.Pairs(_constants, first, second, output, _tier);

    /// <summary>Whether one input has the output's shape and the other a code for each of its channels, or one for all.</summary>
    internal static bool IsOfChannels(Shape4 whole, Shape4 other) =>
        other.H == 1 && other.W == 1 && (other.C == whole.C || other.C == 1) && (other.N == whole.N || other.N == 1);

    private void Gate(CodeJoiner joiner, JoinConstants constants, ReadOnlySpan<byte> codes, ReadOnlySpan<byte> other, Shape4 otherShape, Span<byte> output, Shape4 to)
    {
        int image = to.C * to.H * to.W;
        int period = ChannelPattern.Period(otherShape.C);
        for (int n = 0; n < to.N; n++)
        {
            float[] pattern = ChannelPattern.Rent(other.Slice(n % otherShape.N * otherShape.C, otherShape.C), constants.Second.ZeroPoint);
            joiner.Constants(constants, codes.Slice(n * image, image), pattern, default, period, output.Slice(n * image, image), _tier);
            ArrayPool<float>.Shared.Return(pattern);
        }
    }
}
