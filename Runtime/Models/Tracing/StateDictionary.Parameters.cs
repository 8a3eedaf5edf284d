using System;
using Kernels.Layers;

namespace Kernels.Models;

/// <content>The tensors of layers without a kernel. A name that was read before gives the same ones.</content>
internal sealed partial class StateDictionary
{
    /// <summary>The parameters of a batch norm.</summary>
    /// <param name="layer">The layer's name, for messages.</param>
    /// <param name="name">What its tensors' names start with.</param>
    /// <param name="channels">Its channels.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public BatchNormParameters BatchNorm(string layer, string name, int channels, float epsilon) => Once(name, known => known.Channels == channels && known.Epsilon == epsilon, () =>
    {
        (float[] weight, float[] bias) = WeightAndBias(layer, name, channels);
        float[] mean = Vector(layer, name + ".running_mean", channels, 0);
        float[] variance = Vector(layer, name + ".running_var", channels, 1);
        if (Array.Exists(variance, value => !(value + epsilon > 0)))
        {
            _misfits.Add($"{layer}: the tensor {SafetensorsFile.Quote(name + ".running_var")} plus epsilon must be positive.");
            variance.AsSpan().Fill(1);
        }

        return new BatchNormParameters(mean, variance, weight, bias, epsilon);
    });

    /// <summary>The parameters of an instance, layer or group norm.</summary>
    /// <param name="layer">The layer's name, for messages.</param>
    /// <param name="name">What its tensors' names start with.</param>
    /// <param name="channels">Its channels.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public NormalizationParameters Normalization(string layer, string name, int channels, float epsilon) => Once(name, known => known.Channels == channels && known.Epsilon == epsilon, () =>
    {
        (float[] weight, float[] bias) = WeightAndBias(layer, name, channels);
        return new NormalizationParameters(channels, weight, bias, epsilon);
    });

    /// <summary>The slopes of a PReLU.</summary>
    /// <param name="layer">The layer's name, for messages.</param>
    /// <param name="name">What its tensor's name starts with.</param>
    /// <param name="count">How many there are.</param>
    public float[] Slopes(string layer, string name, int count) => Once(name, known => known.Length == count, () => Vector(layer, name + ".weight", count, 0.25f));

    /// <summary>Factor and summand of each channel.</summary>
    /// <param name="layer">The layer's name, for messages.</param>
    /// <param name="name">What its tensors' names start with.</param>
    /// <param name="channels">Its channels.</param>
    public AffineParameters Affine(string layer, string name, int channels) => Once(name, known => known.Channels == channels, () =>
        new AffineParameters(Vector(layer, name + ".weight", channels, 1), Vector(layer, name + ".bias", channels, 0)));

    /// <summary>A constant.</summary>
    /// <param name="layer">The layer's name, for messages.</param>
    /// <param name="name">What its tensor's name starts with.</param>
    /// <param name="shape">Its shape.</param>
    public FloatTensor Constant(string layer, string name, Shape4 shape) => Once(name, known => known.Shape == shape, () =>
        FloatTensor.FromNchw(shape, Vector(layer, name + ".value", (int)shape.Count, 0)));

    private (float[] Weight, float[] Bias) WeightAndBias(string layer, string name, int channels) => file.Tensors.ContainsKey(name + ".weight")
        ? (Vector(layer, name + ".weight", channels, 1), Vector(layer, name + ".bias", channels, 0))
        : ([], []);

    private T Once<T>(string name, Predicate<T> fits, Func<T> read)
        where T : class
    {
        if (_read.TryGetValue(name, out object? before) && before is T known && fits(known))
        {
            return known;
        }

        T parameters = read();
        _read[name] = parameters;
        return parameters;
    }
}
