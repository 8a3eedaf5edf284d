using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Kernels.Models;
using Kernels.Models.Nodes;
using Kernels.Models.Running;
using Kernels.Quantization;

namespace Kernels.Accuracy;

/// <summary>Runs a float model and its converted one over the same batches, and compares every layer's output.</summary>
internal sealed class ModelComparison
{
    private readonly FloatModel _model;
    private readonly QuantizedModel _converted;
    private readonly List<Row> _rows = [];

    public ModelComparison(FloatModel model, QuantizedModel converted)
    {
        _model = model;
        _converted = converted;
        if (model.Nodes.Length != converted.Nodes.Length)
        {
            throw new ArgumentException($"The float model has {model.Nodes.Length} layers, but the converted one {converted.Nodes.Length}: compare it with the model that it was converted from.", nameof(converted));
        }

        if (converted.InputQuantization is { } input)
        {
            AddRow(ModelBuilder.InputName, "", value: 0, converted.InputSlot, isQuantized: true, input, null);
        }

        for (int i = 0; i < model.Nodes.Length; i++)
        {
            ModelNode node = model.Nodes[i];
            ConvertedNode other = converted.Nodes[i];
            if (node.Name != other.Node.Name)
            {
                throw new ArgumentException($"Layer {i} is {node.Name} in the float model, but {other.Node.Name} in the converted one: compare it with the model that it was converted from.", nameof(converted));
            }

            // A stub computes nothing.
            if (node.Layer is not StubModule)
            {
                (int slot, QuantizationParameters? quantization) = converted.Written(i);
                AddRow(node.Name, node.Layer.Type, i + 1, slot, other.IsQuantized, quantization, node.Layer as WeightedModule);
            }
        }
    }

    /// <summary>Runs a batch.</summary>
    public void Add(FloatTensor batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var references = new ReferenceTap();
        _model.Forward(batch, references);
        _converted.Forward(batch, new ComparisonTap(_rows, references.Values));
    }

    /// <summary>What was found of each row.</summary>
    public LayerAccuracy[] Layers() =>
        [.. _rows.ConvertAll(static row => new LayerAccuracy(row.Name, row.Type, row.IsQuantized, row.Quantization, row.Meter))];

    private void AddRow(string name, string type, int value, int slot, bool isQuantized, QuantizationParameters? quantization, WeightedModule? layer) =>
        _rows.Add(new Row(name, type, _model.Slot(value), slot, isQuantized, quantization, new LayerMeter(layer?.Spec, quantization)));

    private sealed record Row(string Name, string Type, int FloatSlot, int Slot, bool IsQuantized, QuantizationParameters? Quantization, LayerMeter Meter);

    /// <summary>Keeps a copy of every value of the float model.</summary>
    private sealed class ReferenceTap : ITap
    {
        public Dictionary<int, float[]> Values { get; } = [];

        public void Written(int slot, Shape4 shape, ReadOnlySpan<byte> bytes) => Values[slot] = MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }

    private sealed class ComparisonTap(List<Row> rows, Dictionary<int, float[]> references) : ITap
    {
        public void Written(int slot, Shape4 shape, ReadOnlySpan<byte> bytes)
        {
            foreach (Row row in rows)
            {
                if (row.Slot == slot)
                {
                    row.Meter.Add(shape, references[row.FloatSlot], Values(bytes, row.Quantization));
                }
            }
        }

        private static ReadOnlySpan<float> Values(ReadOnlySpan<byte> bytes, QuantizationParameters? quantization)
        {
            if (quantization is null)
            {
                return MemoryMarshal.Cast<byte, float>(bytes);
            }

            var values = new float[bytes.Length];
            Quantizer.Dequantize(bytes, quantization.Value, values);
            return values;
        }
    }
}
