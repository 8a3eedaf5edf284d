using System;

namespace Kernels.Generic;

/// <summary>Float steps: one channel each. When depthwise, each output channel's input is a step of its own.</summary>
internal readonly unsafe struct FloatRowReader(ConvolutionLayout layout) : IRowReader
{
    private readonly int _channels = layout.Spec.InChannels;
    private readonly int _pixelSteps = layout.PixelSteps;
    private readonly int _outputs = layout.Spec.OutChannels;
    private readonly bool _isDepthwise = layout.IsDepthwise;

    public static int InputSize => sizeof(float);

    public void Read(byte* row, int* steps, int width)
    {
        if (!_isDepthwise)
        {
            long bytes = (long)width * _channels * sizeof(float);
            Buffer.MemoryCopy(row, steps, bytes, bytes);
            return;
        }

        int multiplier = _outputs / _channels;
        for (int x = 0; x < width; x++)
        {
            int* pixel = (int*)row + (nint)x * _channels;
            int* target = steps + (nint)x * _pixelSteps;
            for (int c = 0; c < _outputs; c++)
            {
                target[c] = pixel[multiplier == 1 ? c : c / multiplier];
            }

            for (int c = _outputs; c < _pixelSteps; c++)
            {
                target[c] = 0;
            }
        }
    }
}
