using System;
using System.Buffers;
using Kernels.Execution;
using Kernels.Generic;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// Sum of an int8 input and of a smaller one that is upsampled to its size by copies, as in the necks of feature pyramids: a nearest
/// <see cref="QuantizedUpsample"/> of the second input and a <see cref="QuantizedAdd"/> in one pass, with the very codes of both.
/// </summary>
public sealed class QuantizedUpsampleAdd : IBinaryLayer<byte>
{
    private readonly JoinConstants _constants;
    private readonly LaneTier _tier;

    /// <summary>Makes the layer.</summary>
    /// <param name="spec">How the second input is upsampled: a nearest mode.</param>
    /// <param name="first">Scale and zero point of the first input.</param>
    /// <param name="second">Scale and zero point of the second input.</param>
    /// <param name="output">Scale and zero point of the output.</param>
    /// <param name="relu">Whether negative sums become 0.</param>
    /// <param name="epilogue">Functions behind the sum, computed in float32 before the one rounding; null for none. They read no further input.</param>
    /// <exception cref="ArgumentOutOfRangeException">The parameters are not quint8's.</exception>
    /// <exception cref="ArgumentException">The mode blends pixels, or the functions read a further input.</exception>
    public QuantizedUpsampleAdd(
        UpsampleSpec spec, QuantizationParameters first, QuantizationParameters second, QuantizationParameters output, bool relu = false, EpilogueParameters? epilogue = null)
        : this(spec, first, second, output, relu, epilogue, null)
    {
    }

    /// <summary>The same on vectors of a given width.</summary>
    internal QuantizedUpsampleAdd(
        UpsampleSpec spec, QuantizationParameters first, QuantizationParameters second, QuantizationParameters output, bool relu, EpilogueParameters? epilogue, LaneTier? tier)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec.IsNearest ? spec : throw new ArgumentException($"Only copies of pixels are added while they are made, but the mode is {spec.Mode}.", nameof(spec));
        Sum = new QuantizedAdd(first, second, output, relu, tier, epilogue);
        _constants = Sum.Constants;
        _tier = tier ?? LaneTiers.Best;
    }

    /// <summary>How the second input is upsampled.</summary>
    public UpsampleSpec Spec { get; }

    /// <summary>The sum.</summary>
    public QuantizedAdd Sum { get; }

    /// <summary>Shape of the output.</summary>
    /// <param name="first">Shape of the first input.</param>
    /// <param name="second">Shape of the second input.</param>
    /// <returns>The first one's shape.</returns>
    /// <exception cref="ArgumentException">The second input does not become as large as the first one.</exception>
    public Shape4 OutputShape(Shape4 first, Shape4 second)
    {
        first.Checked(nameof(first));
        Shape4 large = Spec.OutputShape(second);
        return large == first ? first : throw new ArgumentException($"The second input becomes {large}, but the first one is {first}.", nameof(second));
    }

    /// <summary>Runs the layer over tensors.</summary>
    /// <param name="first">The first input.</param>
    /// <param name="second">The second, smaller input.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">Shapes or quantization do not fit.</exception>
    public QuantizedTensor Forward(QuantizedTensor first, QuantizedTensor second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Quantization != Sum.FirstQuantization || second.Quantization != Sum.SecondQuantization)
        {
            throw new ArgumentException(
                $"The layer was made for inputs quantized as {Sum.FirstQuantization} and {Sum.SecondQuantization}, but got {first.Quantization} and {second.Quantization}. Requantize them first.",
                nameof(first));
        }

        var output = new QuantizedTensor(OutputShape(first.Shape, second.Shape), Sum.OutputQuantization);
        Run(first.Data, first.Shape, second.Data, second.Shape, output.Data);
        return output;
    }

    /// <summary>Runs the layer over spans.</summary>
    /// <param name="first">Codes in order n, h, w, c.</param>
    /// <param name="firstShape">Shape of the first input.</param>
    /// <param name="second">Codes in order n, h, w, c.</param>
    /// <param name="secondShape">Shape of the second input.</param>
    /// <param name="output">Receives the codes. May be the same memory as the first input.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape, the shapes do not fit, or the output overlaps an input otherwise.</exception>
    public unsafe void Run(ReadOnlySpan<byte> first, Shape4 firstShape, ReadOnlySpan<byte> second, Shape4 secondShape, Span<byte> output)
    {
        Shape4 to = OutputShape(firstShape, secondShape);
        RunArguments.Check<byte>(secondShape, second, to, output);
        RunArguments.CheckLength(to, first.Length, nameof(first));
        if (first[..to.Count].Overlaps(output[..to.Count], out int offset) && offset != 0)
        {
            throw new ArgumentException("The output must be the first input's memory, or not overlap it.", nameof(output));
        }

        _constants.Steps?.Check(to);
        int[] rented = ArrayPool<int>.Shared.Rent(to.W);
        fixed (int* table = rented)
        fixed (byte* x = first, y = second, z = output)
        {
            var columns = new StretchedColumns(Spec.Columns(secondShape.W, to.W), table, secondShape, to);
            var rows = new CodeUpsampleAdd(_constants, _tier, Spec.Rows(secondShape.H, to.H), columns, x, y, secondShape, z, to);
            RowTeam<CodeUpsampleAdd>.Run(rows, to.N * to.H, KernelThreads.For((long)to.Count * CodeUpsampleAdd.Work));
        }

        ArrayPool<int>.Shared.Return(rented);
    }
}
