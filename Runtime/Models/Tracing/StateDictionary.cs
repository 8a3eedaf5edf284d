using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Kernels.Layers;

namespace Kernels.Models;

/// <summary>
/// The weights of a network by name, as PyTorch's <c>state_dict</c> has them. What does not fit is gathered, so that one exception names all of it.
/// </summary>
/// <param name="file">The file.</param>
internal sealed partial class StateDictionary(SafetensorsFile file)
{
    // PyTorch's counter of batches that a batch norm was trained with; nothing reads it.
    private const string Counter = ".num_batches_tracked";

    private readonly Dictionary<string, object> _read = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly List<string> _misfits = [];

    /// <summary>The weights of a convolution or linear layer; zeros where they do not fit. A name that was read before gives the same weights.</summary>
    /// <param name="layer">The layer's name, for messages.</param>
    /// <param name="name">What its tensors' names start with.</param>
    /// <param name="spec">Its shape.</param>
    public LayerWeights Weights(string layer, string name, ConvolutionSpec spec)
    {
        if (_read.TryGetValue(name, out object? before) && before is LayerWeights known && known.Weight.Shape == spec.WeightShape && known.Bias.IsEmpty != spec.HasBias)
        {
            return known;
        }

        int misfits = _misfits.Count;
        FloatWeight? weight = Weight(layer, name + ".weight", spec);
        float[] bias = spec.HasBias ? Vector(layer, name + ".bias", spec.OutChannels, 0, ": set Bias = false on the layer's attribute if it has none") : NoBias(layer, name + ".bias");
        LayerWeights weights = weight is null || misfits != _misfits.Count
            ? new LayerWeights(new FloatWeight(spec.WeightShape, new float[spec.WeightShape.Count]), spec.HasBias ? new float[spec.OutChannels] : null)
            : new LayerWeights(weight, bias);
        _read[name] = weights;
        return weights;
    }

    /// <summary>Throws when a layer lacks a tensor, a tensor has another shape, or no layer reads one.</summary>
    /// <param name="model">The model's name, for the message.</param>
    /// <exception cref="InvalidDataException">The message lists all of it.</exception>
    public void ThrowOnMisfits(string model)
    {
        if (FileKinds.IsModel(file) || FileKinds.IsCalibration(file))
        {
            throw new InvalidDataException($"The file does not hold the weights of {model}; {FileKinds.Of(file)}.");
        }

        string[] unused = [.. file.Tensors.Keys.Where(name => !_used.Contains(name) && !name.EndsWith(Counter, StringComparison.Ordinal))];
        string[] all = [.. _misfits, .. unused.Select(static name => $"the tensor {SafetensorsFile.Quote(name)} is no layer's")];
        if (all.Length > 0)
        {
            throw new InvalidDataException($"The weights do not fit {model}:\n- {string.Join("\n- ", all)}");
        }
    }

    private FloatWeight? Weight(string layer, string name, ConvolutionSpec spec)
    {
        if (Find(layer, name) is not { } tensor)
        {
            return null;
        }

        FloatWeight weight;
        try
        {
            weight = tensor.ToFloatWeight();
        }
        catch (InvalidDataException exception)
        {
            _misfits.Add($"{layer}: {exception.Message}");
            return null;
        }

        // A kernel of one row: PyTorch's Conv1d has no axis for it.
        if (tensor.Shape.Count == 3 && spec.KernelHeight == 1)
        {
            weight = new FloatWeight(new Shape4(weight.Shape.N, weight.Shape.C, 1, weight.Shape.H), weight.Data.ToArray());
        }

        if (weight.Shape == spec.WeightShape)
        {
            return weight;
        }

        _misfits.Add($"{layer}: needs weights of shape {spec.WeightShape}, but the tensor {tensor} has another");
        return null;
    }

    private float[] Vector(string layer, string name, int count, float missing, string hint = "")
    {
        float[]? values = Singles(layer, name, hint);
        if (values is not null && values.Length != count)
        {
            _misfits.Add($"{layer}: needs {count} values, but the tensor {file[name]} has {values.Length}");
        }
        else if (values is not null && !Array.TrueForAll(values, float.IsFinite))
        {
            _misfits.Add($"{layer}: the tensor {file[name]} holds NaN or infinity");
        }
        else if (values is not null)
        {
            return values;
        }

        var substitute = new float[count];
        substitute.AsSpan().Fill(missing);
        return substitute;
    }

    private float[] NoBias(string layer, string name)
    {
        if (file.Tensors.ContainsKey(name) && _used.Add(name))
        {
            _misfits.Add($"{layer}: has no bias, but the file has the tensor {SafetensorsFile.Quote(name)}");
        }

        return [];
    }

    private float[]? Singles(string layer, string name, string hint)
    {
        try
        {
            return Find(layer, name, hint)?.ToSingles();
        }
        catch (InvalidDataException exception)
        {
            _misfits.Add($"{layer}: {exception.Message}");
            return null;
        }
    }

    private SafetensorsTensor? Find(string layer, string name, string hint = "")
    {
        if (file.Tensors.TryGetValue(name, out SafetensorsTensor? tensor))
        {
            _used.Add(name);
            return tensor;
        }

        string? near = file.Tensors.Keys.FirstOrDefault(key => Letters(key).Equals(Letters(name), StringComparison.OrdinalIgnoreCase));
        _misfits.Add($"{layer}: the file has no tensor {SafetensorsFile.Quote(name)}{(near is null ? hint : $", but {SafetensorsFile.Quote(near)}: name it with Weights on the layer's attribute")}");
        return null;
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit));
}
