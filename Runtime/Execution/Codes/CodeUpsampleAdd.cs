using System;
using System.Buffers;
using Kernels.Generic;
using Kernels.Layers;

namespace Kernels.Execution;

/// <summary>Adds rows of codes and rows that are made of copies of pixels of a smaller image, each once for all rows that it serves.</summary>
internal readonly unsafe struct CodeUpsampleAdd(
    JoinConstants constants, LaneTier tier, SamplingAxis rows, StretchedColumns columns, byte* first, byte* second, Shape4 secondShape, byte* output, Shape4 to) : IRowKernel
{
    /// <summary>Multiply-accumulates that a code costs as much as, for the choice of threads.</summary>
    public const int Work = 20;

    /// <inheritdoc/>
    public void Run(int start, int end)
    {
        int length = to.W * to.C;
        int sourceLength = secondShape.W * secondShape.C;
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        fixed (byte* stretched = rented)
        {
            int held = -1;
            for (int i = start; i < end; i++)
            {
                (int image, int y) = Math.DivRem(i, to.H);
                int row = image * secondShape.H + rows.Nearest(y);
                if (row != held)
                {
                    columns.Stretch(second + (nint)row * sourceLength, stretched);
                    held = row;
                }

                CodeJoiner<AddJoin>.Pairs(tier, constants, first + (nint)i * length, stretched, 0, output + (nint)i * length, length);
            }
        }

        ArrayPool<byte>.Shared.Return(rented);
    }
}
