using System;
using System.Buffers;
using System.Numerics;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>
/// Bilinear upsampling in float32: <c>h0 * (w0 * p00 + w1 * p01) + h1 * (w0 * p10 + w1 * p11)</c>, nothing fused. Each source row is
/// stretched once and kept for the output rows that lie between it and its neighbour.
/// </summary>
internal static class BilinearSampling
{
    /// <summary>Floats.</summary>
    public static void Run(UpsampleSpec spec, ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to)
    {
        var rows = new Rows(spec, from, to);
        int outputRow = to.W * to.C;
        for (int i = 0; i < to.N * to.H; i++)
        {
            (int First, int Second, float Share) position = rows.Vertical(i % to.H);
            int image = i / to.H;
            for (int side = 0; side < 2; side++)
            {
                int row = image * from.H + (side == 0 ? position.First : position.Second);
                if (rows.NeedsStretching(row, out Span<float> stretched))
                {
                    rows.Stretch(input.Slice(row * from.W * from.C, from.W * from.C), stretched);
                }
            }

            rows.Blend(image * from.H, position, output.Slice(i * outputRow, outputRow));
        }

        rows.Return();
    }

    /// <summary>Codes: blended as they are, then rounded half to even; the zero point is taken off before and added after rounding.</summary>
    public static void Run(UpsampleSpec spec, ReadOnlySpan<byte> input, Shape4 from, Span<byte> output, Shape4 to, int zeroPoint)
    {
        var rows = new Rows(spec, from, to);
        int inputRow = from.W * from.C;
        int outputRow = to.W * to.C;
        float[] codes = ArrayPool<float>.Shared.Rent(inputRow);
        float[] blended = ArrayPool<float>.Shared.Rent(outputRow);
        var raw = new QuantizationParameters(1f, 0);
        var steps = new QuantizationParameters(1f, zeroPoint);
        for (int i = 0; i < to.N * to.H; i++)
        {
            (int First, int Second, float Share) position = rows.Vertical(i % to.H);
            int image = i / to.H;
            for (int side = 0; side < 2; side++)
            {
                int row = image * from.H + (side == 0 ? position.First : position.Second);
                if (rows.NeedsStretching(row, out Span<float> stretched))
                {
                    Quantizer.Dequantize(input.Slice(row * inputRow, inputRow), raw, codes);
                    rows.Stretch(codes.AsSpan(0, inputRow), stretched);
                }
            }

            Span<float> values = blended.AsSpan(0, outputRow);
            rows.Blend(image * from.H, position, values);
            foreach (ref float value in values)
            {
                value -= zeroPoint;
            }

            Quantizer.Quantize(values, steps, output.Slice(i * outputRow, outputRow));
        }

        rows.Return();
        ArrayPool<float>.Shared.Return(codes);
        ArrayPool<float>.Shared.Return(blended);
    }

    /// <summary>The gradient: each output row is added to two stretched rows, which are shrunk when no further output row lies beside them.</summary>
    public static void Backward(UpsampleSpec spec, ReadOnlySpan<float> outputGradient, Shape4 to, Span<float> inputGradient, Shape4 from)
    {
        inputGradient.Clear();
        var rows = new Rows(spec, from, to);
        int outputRow = to.W * to.C;
        for (int i = 0; i < to.N * to.H; i++)
        {
            (int First, int Second, float Share) position = rows.Vertical(i % to.H);
            int firstRow = i / to.H * from.H;
            ReadOnlySpan<float> gradient = outputGradient.Slice(i * outputRow, outputRow);
            rows.AddGradient(firstRow + position.First, gradient, 1f - position.Share, inputGradient);
            rows.AddGradient(firstRow + position.Second, gradient, position.Share, inputGradient);
        }

        rows.ShrinkHeld(inputGradient);
        rows.Return();
    }

    /// <summary>The last two stretched rows: source row r lies in buffer r % 2.</summary>
    private struct Rows
    {
        private readonly Shape4 _from;
        private readonly Shape4 _to;
        private readonly SamplingAxis _rows;
        private readonly SamplingAxis _columns;
        private readonly float[] _buffers;
        private int _held0 = -1;
        private int _held1 = -1;

        public Rows(UpsampleSpec spec, Shape4 from, Shape4 to)
        {
            _from = from;
            _to = to;
            _rows = spec.Rows(from.H, to.H);
            _columns = spec.Columns(from.W, to.W);
            _buffers = ArrayPool<float>.Shared.Rent(2 * to.W * to.C);
        }

        private readonly int Length => _to.W * _to.C;

        public readonly void Return() => ArrayPool<float>.Shared.Return(_buffers);

        public readonly (int First, int Second, float Share) Vertical(int y) => _rows.Between(y);

        public bool NeedsStretching(int row, out Span<float> stretched)
        {
            stretched = Buffer(row);
            ref int held = ref row % 2 == 0 ? ref _held0 : ref _held1;
            if (held == row)
            {
                return false;
            }

            held = row;
            return true;
        }

        /// <summary>Adds a share of an output row's gradient to that of a stretched row.</summary>
        public void AddGradient(int row, ReadOnlySpan<float> gradient, float share, Span<float> inputGradient)
        {
            int before = row % 2 == 0 ? _held0 : _held1;
            if (NeedsStretching(row, out Span<float> stretched))
            {
                Shrink(before, inputGradient);
                stretched.Clear();
            }

            Accumulation.Add(gradient, share, stretched);
        }

        /// <summary>Adds the gradients of the stretched rows that are still held to those of their source rows.</summary>
        public readonly void ShrinkHeld(Span<float> inputGradient)
        {
            Shrink(_held0, inputGradient);
            Shrink(_held1, inputGradient);
        }

        public readonly void Stretch(ReadOnlySpan<float> source, Span<float> stretched)
        {
            int channels = _to.C;
            for (int x = 0; x < _to.W; x++)
            {
                (int First, int Second, float Share) position = _columns.Between(x);
                ReadOnlySpan<float> left = source.Slice(position.First * channels, channels);
                ReadOnlySpan<float> right = source.Slice(position.Second * channels, channels);
                Mix(left, 1f - position.Share, right, position.Share, stretched.Slice(x * channels, channels));
            }
        }

        public readonly void Blend(int firstRow, (int First, int Second, float Share) position, Span<float> output) =>
            Mix(Buffer(firstRow + position.First), 1f - position.Share, Buffer(firstRow + position.Second), position.Share, output);

        private readonly void Shrink(int row, Span<float> inputGradient)
        {
            if (row < 0)
            {
                return;
            }

            int channels = _to.C;
            ReadOnlySpan<float> stretched = Buffer(row);
            Span<float> sums = inputGradient.Slice(row * _from.W * channels, _from.W * channels);
            for (int x = 0; x < _to.W; x++)
            {
                (int First, int Second, float Share) position = _columns.Between(x);
                ReadOnlySpan<float> pixel = stretched.Slice(x * channels, channels);
                Accumulation.Add(pixel, 1f - position.Share, sums.Slice(position.First * channels, channels));
                Accumulation.Add(pixel, position.Share, sums.Slice(position.Second * channels, channels));
            }
        }

        private readonly Span<float> Buffer(int row) => _buffers.AsSpan(row % 2 * Length, Length);

        private static void Mix(ReadOnlySpan<float> a, float shareA, ReadOnlySpan<float> b, float shareB, Span<float> output)
        {
            int i = 0;
            for (; i <= output.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                (new Vector<float>(a[i..]) * shareA + new Vector<float>(b[i..]) * shareB).CopyTo(output[i..]);
            }

            for (; i < output.Length; i++)
            {
                output[i] = a[i] * shareA + b[i] * shareB;
            }
        }
    }
}
