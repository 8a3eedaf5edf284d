using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Kernels.Models;

namespace Kernels.Quantization;

/// <summary>
/// PyTorch's <c>RecordingObserver</c>: keeps a copy of every tensor for inspection, NaN and infinity included. It derives no
/// parameters. Memory grows with every batch.
/// </summary>
/// <param name="settings">Type, scheme and range of the codes; quint8 affine when left out.</param>
public sealed class RecordingObserver(ObserverSettings? settings = null) : Observer(settings)
{
    private readonly List<FloatTensor> _tensors = [];

    /// <summary>What was observed, in order. A span of values without a shape is recorded as <c>[1, 1, 1, count]</c>.</summary>
    public IReadOnlyList<FloatTensor> TensorVal => _tensors;

    /// <inheritdoc/>
    public override bool HasObserved => _tensors.Count > 0;

    /// <inheritdoc/>
    public override void Observe(ReadOnlySpan<float> values)
    {
        if (!values.IsEmpty)
        {
            _tensors.Add(new FloatTensor(new Shape4(1, 1, 1, values.Length), values.ToArray()));
        }
    }

    /// <inheritdoc/>
    public override void Observe(FloatTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        _tensors.Add(new FloatTensor(tensor.Shape, tensor.Data.ToArray()));
    }

    /// <inheritdoc/>
    /// <remarks>Always refused, as in PyTorch.</remarks>
    public override QuantizationParameters CalculateQuantizationParameters() =>
        throw new InvalidOperationException("A recording observer has no scale: feed its tensors to another observer.");

    /// <inheritdoc/>
    public override void Reset() => _tensors.Clear();

    /// <inheritdoc/>
    public override void SaveState(SafetensorsWriter writer, string prefix)
    {
        ArgumentNullException.ThrowIfNull(writer);
        for (int i = 0; i < _tensors.Count; i++)
        {
            Shape4 shape = _tensors[i].Shape;
            writer.Add(Name(prefix, i), [shape.N, shape.C, shape.H, shape.W], _tensors[i].ToNchw());
        }
    }

    /// <inheritdoc/>
    public override void LoadState(SafetensorsFile file, string prefix)
    {
        ArgumentNullException.ThrowIfNull(file);
        var tensors = new List<FloatTensor>();
        while (file.Tensors.TryGetValue(Name(prefix, tensors.Count), out SafetensorsTensor? tensor))
        {
            if (tensor.Shape.Count != 4 || tensor.Count == 0)
            {
                throw new InvalidDataException($"The recorded tensor {tensor} must have 4 dimensions and at least one element.");
            }

            tensors.Add(FloatTensor.FromNchw(new Shape4(tensor.Shape[0], tensor.Shape[1], tensor.Shape[2], tensor.Shape[3]), tensor.ToSingles()));
        }

        _tensors.Clear();
        _tensors.AddRange(tensors);
    }

    /// <inheritdoc/>
    protected override void MergeCore(Observer other) => _tensors.AddRange(((RecordingObserver)other)._tensors);

    private static string Name(string prefix, int index) => string.Create(CultureInfo.InvariantCulture, $"{prefix}tensor_val.{index}");
}
