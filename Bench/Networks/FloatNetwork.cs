using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Bench.Networks;

/// <summary>Float layers in a row, for one size of input; each keeps its own output.</summary>
internal sealed class FloatNetwork
{
    private readonly FloatConvolution[] _layers;
    private readonly FloatTensor[] _tensors;

    /// <summary>Makes the network.</summary>
    /// <param name="layers">Its layers.</param>
    /// <param name="input">Its input.</param>
    public FloatNetwork(IReadOnlyList<NetworkLayer> layers, FloatTensor input)
    {
        _layers = [.. layers.Select(layer => new FloatConvolution(layer.Spec, layer.Weights.Weight, layer.Weights.Bias))];
        _tensors = new FloatTensor[_layers.Length + 1];
        _tensors[0] = input;
        for (int i = 0; i < _layers.Length; i++)
        {
            _tensors[i + 1] = new FloatTensor(_layers[i].OutputShape(_tensors[i].Shape));
        }
    }

    /// <summary>The input, and then the output of each layer.</summary>
    public IReadOnlyList<FloatTensor> Tensors => _tensors;

    /// <summary>Runs the network.</summary>
    /// <param name="observers">Sees the input and the output of each layer; none when empty.</param>
    public void Run(ReadOnlySpan<IObserver> observers = default)
    {
        Observe(observers, 0);
        for (int i = 0; i < _layers.Length; i++)
        {
            Shape4 shape = _tensors[i].Shape;
            _layers[i].Run(_tensors[i].Data, shape.N, shape.H, shape.W, _tensors[i + 1].Data);
            Observe(observers, i + 1);
        }
    }

    private void Observe(ReadOnlySpan<IObserver> observers, int index)
    {
        if (!observers.IsEmpty)
        {
            observers[index].Observe(_tensors[index].Data);
        }
    }
}
