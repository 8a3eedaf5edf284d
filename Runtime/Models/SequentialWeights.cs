using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Kernels.Models;

/// <summary>
/// Reads float weights that PyTorch's <c>nn.Sequential</c> named: <c>0.weight</c>, <c>0.bias</c>, <c>2.weight</c> and so on.
/// Modules without weights (activations) leave gaps in the numbers; the numbers' order is the layers' order.
/// </summary>
internal static class SequentialWeights
{
    private const string WeightSuffix = ".weight";
    private const string BiasSuffix = ".bias";

    public static LayerWeights[] Read(SafetensorsFile file, IReadOnlyList<LayerFactory> layers)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(layers);
        int[] numbers = Numbers(file);
        if (numbers.Length != layers.Count)
        {
            throw new InvalidDataException($"The sequence has {layers.Count} layers, but the file has weights for {numbers.Length}.");
        }

        var weights = new LayerWeights[numbers.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = Read(file, layers[i], numbers[i].ToString(CultureInfo.InvariantCulture));
        }

        return weights;
    }

    private static int[] Numbers(SafetensorsFile file)
    {
        var numbers = new SortedSet<int>();
        foreach (SafetensorsTensor tensor in file.Tensors.Values)
        {
            string name = tensor.Name;
            int suffix = name.EndsWith(WeightSuffix, StringComparison.Ordinal) ? WeightSuffix.Length
                : name.EndsWith(BiasSuffix, StringComparison.Ordinal) ? BiasSuffix.Length : 0;
            if (suffix == 0 || !int.TryParse(name.AsSpan(0, name.Length - suffix), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                throw new InvalidDataException($"The tensor {tensor} is no layer's: the names are N.weight and N.bias, with the number N of a layer in PyTorch's nn.Sequential.");
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    private static LayerWeights Read(SafetensorsFile file, LayerFactory layer, string number)
    {
        if (!file.Tensors.TryGetValue(number + WeightSuffix, out SafetensorsTensor? tensor))
        {
            throw new InvalidDataException($"The file has {number}{BiasSuffix}, but no {number}{WeightSuffix} for the layer {layer.Name}.");
        }

        FloatWeight weight = tensor.ToFloatWeight();
        float[] bias = file.Tensors.TryGetValue(number + BiasSuffix, out SafetensorsTensor? biasTensor) ? biasTensor.ToSingles() : [];
        return LayerWeights.Misfit(layer, weight.Shape, bias.Length) is { } misfit
            ? throw new InvalidDataException($"{misfit} (tensor {tensor})")
            : new LayerWeights(weight, bias);
    }
}
