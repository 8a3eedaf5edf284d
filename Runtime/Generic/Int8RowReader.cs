using System.Runtime.Intrinsics;

namespace Kernels.Generic;

/// <summary>
/// Int8 steps: two neighbouring channels as int16, <c>x - zx</c>, so that padding is 0 and products are exact.
/// An odd last channel of a group is paired with 0. When depthwise, each output channel's input is a step of its own.
/// </summary>
internal readonly unsafe struct Int8RowReader(ConvolutionLayout layout, int zeroPoint) : IRowReader
{
    private readonly int _channels = layout.Spec.InChannels;
    private readonly int _groups = layout.Groups;
    private readonly int _pixelSteps = layout.PixelSteps;
    private readonly int _steps = layout.Steps;
    private readonly int _outputs = layout.Spec.OutChannels;
    private readonly bool _isDepthwise = layout.IsDepthwise;

    public static int InputSize => sizeof(byte);

    public void Read(byte* row, int* steps, int width)
    {
        if (_isDepthwise)
        {
            for (int x = 0; x < width; x++)
            {
                Expand(row + (nint)x * _channels, steps + (nint)x * _pixelSteps);
            }

            return;
        }

        int groupInputs = _channels / _groups;
        if (groupInputs % 2 == 0)
        {
            Pair(row, (short*)steps, (nint)width * _channels);
            return;
        }

        nint groups = (nint)width * _groups;
        for (nint i = 0; i < groups; i++)
        {
            short* target = (short*)(steps + i * _steps);
            Pair(row + i * groupInputs, target, groupInputs);
            target[groupInputs] = 0;
        }
    }

    private void Pair(byte* source, short* target, nint count)
    {
        nint i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            Vector128<ushort> zero = Vector128.Create((ushort)zeroPoint);
            for (; i <= count - 16; i += 16)
            {
                (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Load(source + i));
                (low - zero).AsInt16().Store(target + i);
                (high - zero).AsInt16().Store(target + i + 8);
            }
        }

        for (; i < count; i++)
        {
            target[i] = (short)(source[i] - zeroPoint);
        }
    }

    private void Expand(byte* pixel, int* steps)
    {
        // The upper half of a step is 0, so that only the lower one counts.
        int c = 0;
        int multiplier = _outputs / _channels;
        if (multiplier == 1 && Vector128.IsHardwareAccelerated)
        {
            Vector128<ushort> zero = Vector128.Create((ushort)zeroPoint);
            for (; c <= _outputs - 8; c += 8)
            {
                Vector128<ushort> x = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)(pixel + c)).AsByte()) - zero;
                Vector128.WidenLower(x).AsInt32().Store(steps + c);
                Vector128.WidenUpper(x).AsInt32().Store(steps + c + 4);
            }
        }

        for (; c < _outputs; c++)
        {
            steps[c] = (pixel[c / multiplier] - zeroPoint) & 0xFFFF;
        }

        for (; c < _pixelSteps; c++)
        {
            steps[c] = 0;
        }
    }
}
