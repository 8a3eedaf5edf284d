using System;
using System.Buffers;

namespace Kernels.Execution;

/// <summary>Rented rows of pooling, with room behind them for a whole vector.</summary>
internal readonly ref struct PoolingBuffers
{
    /// <summary>Bytes behind a row that a vector may touch.</summary>
    public const int Slack = 64;

    private readonly byte[] _rented;

    /// <summary>Rents two rows.</summary>
    /// <param name="first">Bytes of one row.</param>
    /// <param name="second">Bytes of the other row.</param>
    /// <exception cref="ArgumentException">They are more than an array holds.</exception>
    public PoolingBuffers(long first, long second)
    {
        long bytes = first + second + 2 * Slack;
        if (bytes > Array.MaxLength)
        {
            throw new ArgumentException($"Pooling needs rows of {first} and {second} bytes with their padding, which is too much.", nameof(first));
        }

        _rented = ArrayPool<byte>.Shared.Rent((int)bytes);
        First = _rented.AsSpan(0, (int)first + Slack);
        Second = _rented.AsSpan((int)first + Slack);
    }

    /// <summary>One row.</summary>
    public Span<byte> First { get; }

    /// <summary>The other row.</summary>
    public Span<byte> Second { get; }

    /// <summary>Gives the rows back.</summary>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_rented);
}
