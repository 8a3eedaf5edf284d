using System;
using System.Collections.Generic;

namespace Kernels.Models.Running;

/// <summary>A model as steps over slots that run one after the other. It is built once; its <see cref="ProgramEntry">entries</see> run it.</summary>
internal sealed class GraphProgram
{
    private readonly List<Slot> _slots = [];
    private readonly List<Step> _steps = [];

    /// <summary>Starts a program whose input is float32.</summary>
    /// <param name="channels">Channels of the input.</param>
    public GraphProgram(int channels)
    {
        Channels = channels;
        InputSlot = AddSlot(isFloat: true);
    }

    public int Channels { get; }

    public IReadOnlyList<Slot> Slots => _slots;

    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>The slot of the float32 input.</summary>
    public int InputSlot { get; }

    /// <summary>The slot of the float32 output.</summary>
    public int OutputSlot { get; set; } = -1;

    /// <summary>The arenas of all entries.</summary>
    public ArenaPool Arenas { get; } = new();

    /// <summary>The slot of the quantized input when nothing reads the float one, or -1.</summary>
    public int ByteInputSlot()
    {
        List<Step> readers = _steps.FindAll(step => Array.IndexOf(step.Inputs, InputSlot) >= 0);
        return readers.Count == 1 && readers[0].Operator is QuantizeOperator ? readers[0].Output : -1;
    }

    /// <summary>The slot of the output before it is made float, or -1 when a float layer makes it.</summary>
    public int ByteOutputSlot() => _steps.Find(step => step.Output == OutputSlot) is { Operator: DequantizeOperator } last ? last.Inputs[0] : -1;

    /// <summary>Adds a step.</summary>
    /// <returns>The slot that it writes.</returns>
    public int Add(string name, Operator operation, ReadOnlySpan<int> inputs, bool isFloat)
    {
        int output = AddSlot(isFloat);
        _steps.Add(new Step(name, operation, inputs.ToArray(), output));
        return output;
    }

    /// <summary>The program from its float32 input to its float32 output.</summary>
    /// <param name="isWhole">Whether every slot is written, so that a tap can see it; otherwise tables that follow one another become one, and sums and concatenations take in what is made for them.</param>
    public ProgramEntry Entry(bool isWhole) => new(this, InputSlot, OutputSlot, isWhole ? _steps : Joined(_steps, InputSlot, OutputSlot));

    /// <summary>The program from codes to codes, without the first and the last seam; both slots exist.</summary>
    public ProgramEntry Entry(int byteInputSlot, int byteOutputSlot) => new(
        this,
        byteInputSlot,
        byteOutputSlot,
        Joined(_steps.FindAll(step => step.Output != byteInputSlot && step.Output != OutputSlot), byteInputSlot, byteOutputSlot));

    private static IReadOnlyList<Step> Joined(IReadOnlyList<Step> steps, int inputSlot, int outputSlot) =>
        CatChains.Join(SumChains.Join(TableChains.Join(steps, inputSlot, outputSlot), inputSlot, outputSlot), inputSlot, outputSlot);

    private int AddSlot(bool isFloat)
    {
        _slots.Add(new Slot(isFloat));
        return _slots.Count - 1;
    }
}
