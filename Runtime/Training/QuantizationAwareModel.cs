using System;
using System.Collections.Generic;
using Kernels.Models;
using Kernels.Models.Nodes;
using Kernels.Quantization;
using Kernels.Training.Nodes;

namespace Kernels.Training;

/// <summary>
/// A model that trains as it will run in int8: what PyTorch's <c>prepare_qat_fx</c> gives. Values are rounded where <see cref="FloatModel.Convert()"/>
/// would make them int8, with one fake quantization for values of one scale; layers without a configuration, or outside of stubs, train in
/// float. Made by <see cref="QuantizationAwareTraining.PrepareForTraining(FloatModel, QConfigMapping)"/>; trained with a <see cref="Trainer"/>;
/// <see cref="Convert"/> ends it.
/// </summary>
/// <remarks>
/// Forward passes observe and round until the switches say otherwise. With activation ranges that use all codes (no
/// <c>reduce_range</c>) and frozen batch norms, a forward pass without observing gives the very outputs of the converted model: each int8
/// layer is simulated in its own arithmetic, exactly unless a convolution's sum exceeds 2^24.
/// </remarks>
public sealed class QuantizationAwareModel : TrainableLayer
{
    private readonly FloatModel _model;
    private readonly Preparation _preparation;
    private readonly TrainableGraph _graph = new();
    private readonly TrainableNode?[] _nodes;
    private readonly Dictionary<IObserver, FakeQuantize> _activations = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, FakeQuantizedConvolution> _convolutions = new(StringComparer.Ordinal);
    private readonly List<TrainableBatchNorm2d> _batchNorms = [];
    private readonly int[] _realSlots;
    private readonly int[] _roundedSlots;
    private readonly ValueRounding?[] _roundings;

    internal QuantizationAwareModel(FloatModel model, Func<ModelNode, QConfig?> resolve)
    {
        _model = model;
        _preparation = Preparation.Of(model.Nodes, resolve);
        _nodes = new TrainableNode?[model.Nodes.Length];
        _realSlots = new int[_nodes.Length + 1];
        _roundedSlots = new int[_nodes.Length + 1];
        _realSlots.AsSpan(1).Fill(-1);
        _roundedSlots.AsSpan().Fill(-1);
        _roundings = Array.ConvertAll(_preparation.Observers, observer => observer is null ? null : new ValueRounding(FakeQuantizeOf(observer)));
        var parameters = new List<Parameter>();
        for (int i = 0; i < _nodes.Length; i++)
        {
            _nodes[i] = Add(i);
            parameters.AddRange(_nodes[i]?.Parameters ?? []);
        }

        _graph.OutputSlot = RealSlot(_nodes.Length);
        Parameters = parameters;
        ActivationFakeQuantizes = NamedFakeQuantizes();
    }

    /// <summary>What rounds activations, by the name of the first layer whose output it rounds, or <c>input</c>. Values of one scale share one.</summary>
    public IReadOnlyDictionary<string, FakeQuantize> ActivationFakeQuantizes { get; }

    /// <summary>The convolutions and linear layers that become int8, by name: what rounds their weights, and their batch norms.</summary>
    public IReadOnlyDictionary<string, FakeQuantizedConvolution> Convolutions => _convolutions;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => _model.OutputShape(input);

    /// <summary>PyTorch's <c>enable_observer</c> and <c>disable_observer</c>: whether forward passes move the ranges of activations and weights.</summary>
    /// <param name="isEnabled">The switch.</param>
    public void EnableObserver(bool isEnabled)
    {
        foreach (FakeQuantize fakeQuantize in FakeQuantizes())
        {
            fakeQuantize.ObserverEnabled = isEnabled;
        }
    }

    /// <summary>PyTorch's <c>enable_fake_quant</c> and <c>disable_fake_quant</c>: whether forward passes round; without, the model is the float one.</summary>
    /// <param name="isEnabled">The switch.</param>
    public void EnableFakeQuant(bool isEnabled)
    {
        foreach (FakeQuantize fakeQuantize in FakeQuantizes())
        {
            fakeQuantize.FakeQuantEnabled = isEnabled;
        }
    }

    /// <summary>PyTorch's <c>freeze_bn_stats</c> and <c>update_bn_stats</c>: whether batch norms, fused or not, use their running statistics and leave them alone.</summary>
    /// <param name="isFrozen">The switch.</param>
    public void FreezeBatchNorm(bool isFrozen)
    {
        foreach (TrainableBatchNorm2d batchNorm in _batchNorms)
        {
            batchNorm.IsFrozen = isFrozen;
        }
    }

    /// <summary>The float model with weights and batch norms as they are now; it can be prepared, for calibration or for more training.</summary>
    /// <returns>A copy, not prepared.</returns>
    public FloatModel ToFloat() => new(_model.InChannels, CurrentNodes());

    /// <summary>The float weights as they are now, fused batch norms folded in: to save them.</summary>
    /// <returns>Copies by layer name, of the layers that have weights; batch norms that stand alone are in <see cref="ToFloat"/>.</returns>
    public IReadOnlyDictionary<string, LayerWeights> ToFloatWeights() => ToFloat().Weights;

    /// <summary>
    /// Makes the int8 model: the weights as they are now, fused batch norms folded in, with the scales and zero points of the last
    /// forward pass. It is independent of this one, which can go on training and convert again.
    /// </summary>
    /// <returns>The converted model.</returns>
    /// <exception cref="InvalidOperationException">No forward pass has observed anything.</exception>
    public QuantizedModel Convert()
    {
        QuantizationParameters?[] parameters = Array.ConvertAll(_preparation.Observers, observer => observer is null ? (QuantizationParameters?)null : Observed(observer));
        ModelNode[] current = CurrentNodes();
        var nodes = new ConvertedNode[current.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i] = new ConvertedNode(current[i], _preparation.Configs[i] is not null, _nodes[i]?.Quantize());
        }

        return new QuantizedModel(_model.InChannels, nodes, parameters);
    }

    /// <inheritdoc/>
    protected override void Compute(FloatTensor input, FloatTensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _graph.Forward(input).Data.CopyTo(output.Data);
    }

    /// <inheritdoc/>
    protected override void Propagate(FloatTensor input, FloatTensor output, FloatTensor outputGradient, FloatTensor? inputGradient)
    {
        FloatTensor? gradient = _graph.Backward(outputGradient, inputGradient is not null);
        if (inputGradient is not null)
        {
            gradient!.Data.CopyTo(inputGradient.Data);
        }
    }

    /// <summary>Adds a node to the graph, as <see cref="QuantizedModel"/> adds it to its program; none for a stub.</summary>
    private TrainableNode? Add(int index)
    {
        ModelNode node = _model.Nodes[index];
        bool isRounded = _preparation.Configs[index] is not null;
        int[] inputs = Array.ConvertAll(node.Inputs, input => isRounded ? RoundedSlot(input) : RealSlot(input));
        int value = index + 1;
        if (node.Layer is StubModule)
        {
            (isRounded ? _roundedSlots : _realSlots)[value] = inputs[0];
            if (isRounded)
            {
                _roundings[value] = _roundings[node.Inputs[0]];
            }

            return null;
        }

        NodeRounding? rounding = _preparation.Configs[index] is { } config
            ? new NodeRounding(config, Array.ConvertAll(node.Inputs, input => _roundings[input]!), _roundings[value]!)
            : null;
        TrainableNode added;
        try
        {
            added = TrainableNodes.Of(node.Layer, inputs.Length, rounding);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"The layer {node.Name} cannot be prepared. {exception.Message}", exception);
        }

        (isRounded ? _roundedSlots : _realSlots)[value] = _graph.Add(added, inputs);
        Register(node.Name, added);
        return added;
    }

    private void Register(string name, TrainableNode node)
    {
        switch (node)
        {
            case FakeQuantizedNode { Inner: var inner }:
                Register(name, inner);
                break;
            case LayerNode { Trainable: FakeQuantizedConvolution convolution }:
                _convolutions.Add(name, convolution);
                if (convolution.BatchNorm is not null)
                {
                    _batchNorms.Add(convolution.BatchNorm);
                }

                break;
            case LayerNode { Trainable: TrainableBatchNorm2d batchNorm }:
                _batchNorms.Add(batchNorm);
                break;
        }
    }

    /// <summary>The slot of a value for float layers: one that an int8 layer made is read as what its codes stand for.</summary>
    private int RealSlot(int value) => _realSlots[value] >= 0 ? _realSlots[value] : _roundedSlots[value];

    /// <summary>The slot of a value for int8 layers; one that a float layer made is rounded for all of them together.</summary>
    private int RoundedSlot(int value)
    {
        if (_roundedSlots[value] < 0)
        {
            _roundedSlots[value] = _graph.Add(new LayerNode(new FakeQuantizedInput(_roundings[value]!), new StubModule(quantizes: true)), _realSlots[value]);
        }

        return _roundedSlots[value];
    }

    private FakeQuantize FakeQuantizeOf(IObserver observer)
    {
        if (!_activations.TryGetValue(observer, out FakeQuantize? fakeQuantize))
        {
            fakeQuantize = new FakeQuantize(observer);
            _activations.Add(observer, fakeQuantize);
        }

        return fakeQuantize;
    }

    private Dictionary<string, FakeQuantize> NamedFakeQuantizes()
    {
        var named = new Dictionary<string, FakeQuantize>(StringComparer.Ordinal);
        foreach ((string name, IObserver observer) in _preparation.NamedObservers(_model.Nodes))
        {
            named.Add(name, _activations[observer]);
        }

        return named;
    }

    private IEnumerable<FakeQuantize> FakeQuantizes()
    {
        foreach (FakeQuantize fakeQuantize in _activations.Values)
        {
            yield return fakeQuantize;
        }

        foreach (FakeQuantizedConvolution convolution in _convolutions.Values)
        {
            yield return convolution.WeightFakeQuantize;
        }
    }

    private ModelNode[] CurrentNodes()
    {
        ModelNode[] nodes = [.. _model.Nodes];
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i] = nodes[i] with { Layer = _nodes[i]?.Layer ?? nodes[i].Layer };
        }

        return nodes;
    }

    private QuantizationParameters Observed(IObserver observer) => observer.HasObserved
        ? _activations[observer].Parameters[0]
        : throw new InvalidOperationException("Nothing was observed yet: run Forward, or training steps, with typical inputs and the observers on before Convert.");
}
