using System;
using System.Buffers;
using Kernels.Generic;

namespace Kernels.Execution;

/// <summary>
/// Multiplies codes by constants of their channels, rounds, and adds other codes: a product of a piece stays in the first cache until it is added. The output may be
/// the memory of the codes or of the others.
/// </summary>
/// <param name="product">The product's numbers; without functions behind it.</param>
/// <param name="sum">The sum's numbers, whose second codes are products; without functions behind it.</param>
/// <param name="tier">The vectors.</param>
/// <param name="codes">The codes of one image.</param>
/// <param name="pattern">The constants: see <see cref="ChannelPattern"/>.</param>
/// <param name="period">Elements until the pattern starts again.</param>
/// <param name="others">What is added.</param>
/// <param name="output">Receives the sums.</param>
/// <param name="length">How many codes there are.</param>
internal readonly unsafe struct CodeGatedSum(
    JoinConstants product, JoinConstants sum, LaneTier tier, byte* codes, float* pattern, int period, byte* others, byte* output, int length) : IRowKernel
{
    /// <summary>Codes of a piece: a multiple of every block.</summary>
    private const int Piece = 8192;

    /// <summary>Multiply-accumulates that a code costs as much as, for the choice of threads.</summary>
    public const int Work = 32;

    /// <summary>Pieces of so many codes.</summary>
    public static int Pieces(int length) => (length + Piece - 1) / Piece;

    /// <inheritdoc/>
    public void Run(int start, int end)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(Piece);
        fixed (byte* products = rented)
        {
            for (int piece = start; piece < end; piece++)
            {
                int from = piece * Piece;
                int count = Math.Min(Piece, length - from);
                CodeJoiner<MultiplyJoin>.Constants(tier, product, codes + from, pattern, pattern, period, from % period, 0, products, count);
                CodeJoiner<AddJoin>.Pairs(tier, sum, others + from, products, 0, output + from, count);
            }
        }

        ArrayPool<byte>.Shared.Return(rented);
    }
}
