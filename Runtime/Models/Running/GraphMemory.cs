using System;
using System.Runtime.InteropServices;

namespace Kernels.Models.Running;

/// <summary>The slots of a program during one run: the caller's input and output, and an arena for all between.</summary>
internal readonly ref struct GraphMemory
{
    private readonly MemoryPlan _plan;
    private readonly Span<byte> _arena;
    private readonly int _inputSlot;
    private readonly ReadOnlySpan<byte> _input;
    private readonly int _outputSlot;
    private readonly Span<byte> _output;

    public GraphMemory(MemoryPlan plan, Span<byte> arena, int inputSlot, ReadOnlySpan<byte> input, int outputSlot, Span<byte> output)
    {
        _plan = plan;
        _arena = arena;
        _inputSlot = inputSlot;
        _input = input;
        _outputSlot = outputSlot;
        _output = output;
    }

    public Shape4 Shape(int slot) => _plan.Shapes[slot];

    /// <summary>A slot's memory, to be read.</summary>
    public ReadOnlySpan<byte> Read(int slot) => slot == _inputSlot ? _input : Write(slot);

    /// <summary>A slot's elements, to be read.</summary>
    public ReadOnlySpan<T> Read<T>(int slot)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Read(slot));

    /// <summary>A slot's memory.</summary>
    public Span<byte> Write(int slot) => slot == _outputSlot ? _output : _arena.Slice(_plan.Offsets[slot], _plan.Lengths[slot]);

    /// <summary>A slot's elements.</summary>
    public Span<T> Write<T>(int slot)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Write(slot));
}
