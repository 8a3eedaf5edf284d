using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Kernels.Layers;

namespace Kernels.Models.Running;

/// <summary>
/// A model as steps that run one after the other over an arena. It allocates for the first input of each shape, and nothing
/// afterwards. One instance runs one call at a time.
/// </summary>
internal sealed class GraphProgram
{
    // Enough for tiles of a picture and its borders; a caller with ever new shapes must not fill the memory with plans.
    private const int MaxPlans = 64;

    private readonly List<Slot> _slots = [];
    private readonly List<Step> _steps = [];
    private readonly Dictionary<Shape4, MemoryPlan> _plans = [];
    private byte[] _arena = [];

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

    /// <summary>The most inputs that a step has.</summary>
    public int MostInputs { get; private set; }

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
        MostInputs = Math.Max(MostInputs, inputs.Length);
        return output;
    }

    public Shape4 OutputShape(Shape4 input) => Plan(input).Shapes[OutputSlot];

    /// <summary>Bytes between input and output.</summary>
    public long WorkingMemory(Shape4 input) => Plan(input).Size;

    /// <summary>Runs float32 to float32.</summary>
    public void Run(ReadOnlySpan<float> input, Shape4 shape, Span<float> output, ITap? tap = null)
    {
        MemoryPlan plan = Plan(shape);
        RunArguments.Check(shape, input, plan.Shapes[OutputSlot], output);
        Run(plan, InputSlot, MemoryMarshal.AsBytes(input[..shape.Count]), OutputSlot, MemoryMarshal.AsBytes(output[..plan.Shapes[OutputSlot].Count]), tap);
    }

    /// <summary>Runs codes to codes, without the first and the last seam; both slots exist.</summary>
    public void Run(int byteInputSlot, ReadOnlySpan<byte> input, Shape4 shape, int byteOutputSlot, Span<byte> output)
    {
        MemoryPlan plan = Plan(shape);
        RunArguments.Check(shape, input, plan.Shapes[OutputSlot], output);
        Run(plan, byteInputSlot, input[..shape.Count], byteOutputSlot, output[..plan.Shapes[OutputSlot].Count], null);
    }

    private void Run(MemoryPlan plan, int inputSlot, ReadOnlySpan<byte> input, int outputSlot, Span<byte> output, ITap? tap)
    {
        if (_arena.Length < plan.Size)
        {
            _arena = GC.AllocateUninitializedArray<byte>(plan.Size);
        }

        var memory = new GraphMemory(plan, _arena, inputSlot, input, outputSlot, output);
        tap?.Written(inputSlot, plan.Shapes[inputSlot], input);
        foreach (Step step in _steps)
        {
            // What comes from the caller, or would lie behind what the caller wants, is not computed.
            if (step.Output == inputSlot || (step.Output == OutputSlot && outputSlot != OutputSlot))
            {
                continue;
            }

            step.Operator.Run(memory, step.Inputs, step.Output);
            tap?.Written(step.Output, plan.Shapes[step.Output], memory.Read(step.Output));
        }
    }

    private MemoryPlan Plan(Shape4 input)
    {
        if (input.C != Channels)
        {
            throw new ArgumentException($"The model reads {Channels} channels, but the input is {input}.", nameof(input));
        }

        if (!_plans.TryGetValue(input, out MemoryPlan? plan))
        {
            plan = MemoryPlan.Of(this, input);
            if (_plans.Count == MaxPlans)
            {
                _plans.Clear();
            }

            _plans.Add(input, plan);
        }

        return plan;
    }

    private int AddSlot(bool isFloat)
    {
        _slots.Add(new Slot(isFloat));
        return _slots.Count - 1;
    }
}
