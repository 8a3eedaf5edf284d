using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Kernels.Generic;
using Kernels.Layers;

namespace Kernels.Models.Running;

/// <summary>
/// A way through a program, from one slot to another. Nothing in it changes but the plans that it remembers, so that any number of threads
/// can run it at once; it allocates for the first input of each shape, and when more calls run at once than before.
/// </summary>
internal sealed class ProgramEntry
{
    // Enough for tiles of a picture and its borders; a caller with ever new shapes must not fill the memory with plans.
    private const int MaxPlans = 64;

    private readonly GraphProgram _program;
    private readonly int _inputSlot;
    private readonly int _outputSlot;
    private readonly Step[] _steps;

    // Replaced as a whole, so that readers need no lock.
    private KeyValuePair<Shape4, MemoryPlan>[] _plans = [];

    public ProgramEntry(GraphProgram program, int inputSlot, int outputSlot, IReadOnlyList<Step> steps)
    {
        _program = program;
        _inputSlot = inputSlot;
        _outputSlot = outputSlot;
        _steps = [.. steps];
    }

    public Shape4 OutputShape(Shape4 input) => Plan(input).Shapes[_outputSlot];

    /// <summary>Shapes and places of all slots for an input shape.</summary>
    /// <exception cref="ArgumentException">A layer cannot take what reaches it; the message names it.</exception>
    public MemoryPlan Plan(Shape4 input)
    {
        foreach (ref readonly KeyValuePair<Shape4, MemoryPlan> known in Volatile.Read(ref _plans).AsSpan())
        {
            if (known.Key == input)
            {
                return known.Value;
            }
        }

        return AddPlan(input);
    }

    /// <summary>Makes what so many calls at once need for an input shape.</summary>
    public void Reserve(Shape4 input, int calls) => _program.Arenas.Reserve(Plan(input).Size, calls);

    /// <summary>Runs it; spans hold float32 values or codes, as the slots do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<T>(ReadOnlySpan<T> input, Shape4 shape, Span<T> output, ITap? tap = null)
        where T : unmanaged
    {
        MemoryPlan plan = Plan(shape);
        Shape4 outputShape = plan.Shapes[_outputSlot];
        RunArguments.Check(shape, input, outputShape, output);
        AlignedArray<byte> arena = _program.Arenas.Rent(plan.Size);
        try
        {
            var memory = new GraphMemory(
                plan,
                arena.Span,
                _inputSlot,
                MemoryMarshal.AsBytes(input[..shape.Count]),
                _outputSlot,
                MemoryMarshal.AsBytes(output[..outputShape.Count]));
            tap?.Written(_inputSlot, shape, memory.Read(_inputSlot));
            foreach (Step step in _steps)
            {
                step.Operator.Run(memory, step.Inputs, step.Output);
                tap?.Written(step.Output, plan.Shapes[step.Output], memory.Read(step.Output));
            }
        }
        finally
        {
            _program.Arenas.Return(arena);
        }
    }

    private MemoryPlan AddPlan(Shape4 input)
    {
        if (input.C != _program.Channels)
        {
            throw new ArgumentException($"The model reads {_program.Channels} channels, but the input is {input}.", nameof(input));
        }

        var added = new KeyValuePair<Shape4, MemoryPlan>(input, MemoryPlan.Of(_program.Slots, _steps, _inputSlot, _outputSlot, input));
        KeyValuePair<Shape4, MemoryPlan>[] known;
        do
        {
            known = Volatile.Read(ref _plans);
        }
        while (Interlocked.CompareExchange(ref _plans, known.Length < MaxPlans ? [.. known, added] : [added], known) != known);

        return added.Value;
    }
}
