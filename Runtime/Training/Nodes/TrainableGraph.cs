using System;
using System.Collections.Generic;
using Kernels.Layers;

namespace Kernels.Training.Nodes;

/// <summary>Trainable nodes over slots, each made by one node; a slot that several read gets the sum of their gradients.</summary>
internal sealed class TrainableGraph
{
    private readonly List<Step> _steps = [];
    private readonly List<Slot> _slots = [new Slot(isTrained: false)];

    /// <summary>The slot of the input.</summary>
    public const int InputSlot = 0;

    /// <summary>The slot of the output: the last one when nothing else is said.</summary>
    public int OutputSlot { get; set; }

    /// <summary>Adds a node behind all others.</summary>
    /// <returns>The slot that it makes.</returns>
    public int Add(TrainableNode node, params int[] inputs)
    {
        bool readsTrained = Array.Exists(inputs, input => _slots[input].IsTrained);
        _slots.Add(new Slot(readsTrained || node.Parameters.Count > 0));
        OutputSlot = _slots.Count - 1;
        _steps.Add(new Step(node, inputs, OutputSlot, readsTrained));
        return OutputSlot;
    }

    /// <summary>Runs all nodes.</summary>
    public FloatTensor Forward(FloatTensor input)
    {
        _slots[InputSlot].Value = input;
        foreach (Step step in _steps)
        {
            for (int i = 0; i < step.Inputs.Length; i++)
            {
                step.Values[i] = _slots[step.Inputs[i]].Value!;
            }

            _slots[step.Output].Value = step.Node.Forward(step.Values);
        }

        return _slots[OutputSlot].Value!;
    }

    /// <summary>Goes back through all nodes that have parameters or lie behind some; through all when the input's gradient is wanted, which is returned then.</summary>
    public FloatTensor? Backward(FloatTensor outputGradient, bool isInputWanted)
    {
        foreach (Slot slot in _slots)
        {
            slot.Gradient = null;
        }

        _slots[OutputSlot].Gradient = outputGradient;
        for (int i = _steps.Count - 1; i >= 0; i--)
        {
            Step step = _steps[i];
            if (!isInputWanted && !_slots[step.Output].IsTrained)
            {
                continue;
            }

            bool isWanted = isInputWanted || step.ReadsTrained;
            step.Node.Backward(_slots[step.Output].Gradient!, isWanted ? step.Gradients : []);
            for (int k = 0; isWanted && k < step.Inputs.Length; k++)
            {
                Add(_slots[step.Inputs[k]], step.Gradients[k]!);
            }
        }

        return _slots[InputSlot].Gradient;
    }

    /// <summary>Nodes own the tensors that they return, so the first one serves as the sum.</summary>
    private static void Add(Slot slot, FloatTensor gradient)
    {
        if (slot.Gradient is null)
        {
            slot.Gradient = gradient;
        }
        else
        {
            Accumulation.Add(gradient.Data, slot.Gradient.Data);
        }
    }

    /// <summary>A node, its slots, and room for what goes in and comes back.</summary>
    private sealed class Step(TrainableNode node, int[] inputs, int output, bool readsTrained)
    {
        public TrainableNode Node => node;

        public int[] Inputs => inputs;

        public int Output => output;

        /// <summary>Whether an input depends on parameters.</summary>
        public bool ReadsTrained => readsTrained;

        public FloatTensor[] Values { get; } = new FloatTensor[inputs.Length];

        public FloatTensor?[] Gradients { get; } = new FloatTensor?[inputs.Length];
    }

    private sealed class Slot(bool isTrained)
    {
        /// <summary>Whether the value depends on parameters.</summary>
        public bool IsTrained => isTrained;

        public FloatTensor? Value { get; set; }

        public FloatTensor? Gradient { get; set; }
    }
}
