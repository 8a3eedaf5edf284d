using System;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Models;

/// <summary>Float layers that run one after the other through two buffers, watched by observers or not.</summary>
internal sealed class FloatSequence
{
    private readonly IFloatLayer[] _layers;
    private readonly PingPong<float> _buffers = new();

    public FloatSequence(LayerFactory[] layers, LayerWeights[] weights)
    {
        _layers = new IFloatLayer[layers.Length];
        for (int i = 0; i < layers.Length; i++)
        {
            _layers[i] = new FloatConvolution(layers[i].Spec, weights[i].Weight, weights[i].Bias);
        }
    }

    /// <summary>Runs a batch of the given shape.</summary>
    public void Run(ReadOnlySpan<float> input, Shape4 shape, Span<float> output)
    {
        int last = _layers.Length - 1;
        for (int i = 0; i < last; i++)
        {
            input = Step(i, input, ref shape);
        }

        _layers[last].Run(input, shape.N, shape.H, shape.W, output);
    }

    /// <summary>Runs a batch; the first observer sees the input, the others the output of each layer.</summary>
    public void Observe(FloatTensor batch, ReadOnlySpan<IObserver> observers)
    {
        Shape4 shape = batch.Shape;
        ReadOnlySpan<float> values = batch.Data;
        observers[0].Observe(values);
        for (int i = 0; i < _layers.Length; i++)
        {
            values = Step(i, values, ref shape);
            observers[i + 1].Observe(values);
        }
    }

    private Span<float> Step(int layer, ReadOnlySpan<float> input, scoped ref Shape4 shape)
    {
        Shape4 from = shape;
        shape = _layers[layer].OutputShape(from);
        Span<float> output = _buffers.Take(layer, shape.Count);
        _layers[layer].Run(input, from.N, from.H, from.W, output);
        return output;
    }
}
