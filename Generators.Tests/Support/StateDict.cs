using System;
using System.IO;
using System.Linq;
using Kernels.Models;

namespace Kernels.Generators.Tests.Support;

/// <summary>Files of random weights, and random inputs.</summary>
internal sealed class StateDict(int seed)
{
    private readonly Random _random = new(seed);
    private readonly SafetensorsWriter _writer = new();

    /// <summary>A convolution's or linear layer's weight and bias; the weight's dimensions as PyTorch has them, the bias for the given number of outputs.</summary>
    public StateDict Layer(string name, int outputs, params int[] shape)
    {
        int count = shape.Aggregate(1, static (product, size) => product * size);
        float spread = 2 / MathF.Sqrt(count / (float)outputs);
        return Tensor(name + ".weight", shape, spread).Tensor(name + ".bias", [outputs], 0.5f);
    }

    /// <summary>A convolution, <c>[out, in, k, k]</c>.</summary>
    public StateDict Conv(string name, int outputs, int inputs, int kernel) => Layer(name, outputs, outputs, inputs, kernel, kernel);

    /// <summary>A batch norm.</summary>
    public StateDict BatchNorm(string name, int channels)
    {
        Tensor(name + ".weight", [channels], 1).Tensor(name + ".bias", [channels], 1).Tensor(name + ".running_mean", [channels], 1);
        _writer.Add(name + ".running_var", [channels], [.. Enumerable.Range(0, channels).Select(_ => 0.5f + _random.NextSingle())]);
        return this;
    }

    /// <summary>A tensor of values around zero.</summary>
    public StateDict Tensor(string name, int[] shape, float spread)
    {
        int count = shape.Aggregate(1, static (product, size) => product * size);
        _writer.Add(name, shape, [.. Enumerable.Range(0, count).Select(_ => (_random.NextSingle() - 0.5f) * 2 * spread)]);
        return this;
    }

    /// <summary>The file.</summary>
    public SafetensorsFile File()
    {
        using var stream = new MemoryStream();
        _writer.WriteTo(stream);
        return SafetensorsFile.Parse(stream.ToArray());
    }

    /// <summary>A batch of values around zero.</summary>
    public static FloatTensor Batch(int seed, Shape4 shape)
    {
        var random = new Random(seed);
        var batch = new FloatTensor(shape);
        foreach (ref float value in batch.Data)
        {
            value = random.NextSingle() * 2 - 0.75f;
        }

        return batch;
    }
}
