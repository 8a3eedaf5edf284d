using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Kernels.Layers;
using Kernels.Models.Balancing;
using Kernels.Models.Nodes;
using Kernels.Models.Rounding;
using Kernels.Models.Running;
using Kernels.Quantization;

namespace Kernels.Models;

/// <summary>
/// A float model, and the way from it to int8: <see cref="Fuse"/>, <see cref="Prepare(QConfig)"/>, <see cref="Calibrate(FloatTensor)"/>
/// with typical inputs, <see cref="Convert()"/>; or, with fine-tuning, <see cref="Training.QuantizationAwareTraining.PrepareForTraining(FloatModel, QConfigMapping)"/>.
/// A <see cref="ModelBuilder"/> makes it. Any number of threads may run one instance at once; one at a time prepares and calibrates it.
/// </summary>
public sealed class FloatModel : IFloatLayer
{
    private readonly ProgramEntry _entry;
    private readonly int[] _slots;
    private Preparation? _preparation;
    private float[] _discarded = [];

    internal FloatModel(int inChannels, ModelNode[] nodes)
    {
        InChannels = inChannels;
        Nodes = nodes;
        var program = new GraphProgram(inChannels);
        _slots = new int[nodes.Length + 1];
        _slots[0] = program.InputSlot;
        for (int i = 0; i < nodes.Length; i++)
        {
            int[] inputs = Array.ConvertAll(nodes[i].Inputs, input => _slots[input]);
            _slots[i + 1] = nodes[i].Layer is StubModule ? inputs[0] : program.Add(nodes[i].Name, nodes[i].Layer.Float(), inputs, isFloat: true);
        }

        program.OutputSlot = _slots[^1];
        _entry = program.Entry(isWhole: true);
    }

    /// <summary>Channels of the input.</summary>
    public int InChannels { get; }

    /// <summary>Names of the layers in the order in which they run.</summary>
    public IReadOnlyList<string> LayerNames => Array.ConvertAll(Nodes, static node => node.Name);

    /// <summary>Float weights of the layers that have weights, by the layers' names.</summary>
    public IReadOnlyDictionary<string, LayerWeights> Weights
    {
        get
        {
            var weights = new Dictionary<string, LayerWeights>(StringComparer.Ordinal);
            foreach (ModelNode node in Nodes)
            {
                if (node.Layer is WeightedModule layer)
                {
                    weights.Add(node.Name, layer.Weights);
                }
            }

            return weights;
        }
    }

    internal ModelNode[] Nodes { get; }

    /// <inheritdoc/>
    public Shape4 OutputShape(Shape4 input) => _entry.OutputShape(input);

    /// <summary>Makes ready for runs of a size, so that they allocate nothing from the first on.</summary>
    /// <param name="input">Shape of the input.</param>
    /// <param name="calls">How many calls there will be at once, 1 to 128.</param>
    /// <exception cref="ArgumentException">The shape does not fit a layer.</exception>
    public void Reserve(Shape4 input, int calls = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(calls, ArenaPool.Capacity);
        _entry.Reserve(input, calls);
    }

    /// <summary>
    /// Bytes that the tensors between the layers take in a run. Small files can ask for much, by scaling up and down again: where a model
    /// is not your own, look at this before you run it.
    /// </summary>
    /// <param name="input">Shape of the input.</param>
    /// <returns>The bytes, at most 2 GB.</returns>
    /// <exception cref="ArgumentException">A layer cannot take what reaches it, or more than 2 GB would be needed.</exception>
    public long WorkingMemory(Shape4 input) => _entry.Plan(input).Size;

    /// <inheritdoc/>
    /// <remarks>Allocates only for the first input of each size, and when more calls run at once than before; see <see cref="Reserve"/>.</remarks>
    public void Run(ReadOnlySpan<float> input, int batch, int height, int width, Span<float> output) =>
        _entry.Run(input, new Shape4(batch, InChannels, height, width), output);

    /// <summary>Runs the model over a batch.</summary>
    /// <param name="input">The batch.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">The shape does not fit a layer.</exception>
    public FloatTensor Forward(FloatTensor input) => LayerForward.Run(this, input);

    /// <summary>
    /// Folds batch norms into the convolutions before them, then ReLU, ReLU6 and LeakyReLU into the layers before them, wherever
    /// nothing else reads between: PyTorch's <c>fuse_modules</c>. Fewer layers are rounded then. A fused layer keeps the name of its
    /// first part; its batch norm can still be trained (see <see cref="Training.QuantizationAwareTraining"/>). Layers with generated kernels stay as their attributes say, apart from a batch norm behind one that has a bias.
    /// </summary>
    /// <returns>A new model, not prepared.</returns>
    public FloatModel Fuse() => new(InChannels, ModelFusion.Fuse(Nodes));

    /// <summary>
    /// Fuses what one kernel can compute, wherever nothing else reads between: behind a convolution, transposed convolution or Linear its
    /// batch norm, ReLU, ReLU6, LeakyReLU, Hardswish, further batch norms, and once the sum with another value. A fused layer keeps the name of its first
    /// part, is observed behind its last one, and rounds once: <see cref="EpilogueSpec"/> has the formula. What <see cref="Fuse"/> fuses keeps PyTorch's
    /// numbers. Layers with generated kernels stay as their attributes say.
    /// </summary>
    /// <returns>A new model, not prepared.</returns>
    public FloatModel FuseEpilogues() => new(InChannels, EpilogueFusion.Fuse(InChannels, Nodes));

    /// <summary>
    /// Folds batch norms into convolutions whose activation is fused already, as that of an annotated class is: each stands between
    /// the sums and the activation. They can still be trained (see <see cref="Training.QuantizationAwareTraining"/>). All others are layers, and <see cref="Fuse"/> folds them.
    /// </summary>
    /// <param name="batchNorms">Batch norms by the names of the convolutions, which need a bias.</param>
    /// <returns>A new model, not prepared, with the same names.</returns>
    /// <exception cref="ArgumentException">A name is no convolution's, or a batch norm does not fit its layer.</exception>
    public FloatModel FoldBatchNorms(IReadOnlyDictionary<string, BatchNormParameters> batchNorms)
    {
        ArgumentNullException.ThrowIfNull(batchNorms);
        return new(InChannels, ModelFusion.FoldBatchNorms(Nodes, batchNorms));
    }

    /// <summary>
    /// Gives every channel of an activation a scale of its own where that pays, so that channels of small values are not rounded in the steps of large
    /// ones. The new model computes the same, to the last bit: channels are divided by powers of two that the weights behind them take in; how far is
    /// chosen for each value from typical inputs, since what leaves an activation enters the weights. Input and output keep their scale. Int8 layers
    /// are as fast as before. Call it behind <see cref="Fuse"/> or <see cref="FuseEpilogues"/> and before <see cref="Prepare(QConfig)"/>, with
    /// weights per channel. Values between layers, as reports show them, are those divided ones. docs/accuracy.md has the figures.
    /// </summary>
    /// <param name="batches">Typical inputs.</param>
    /// <returns>A new model, not prepared.</returns>
    /// <exception cref="ArgumentException">There is no batch, or a shape does not fit a layer.</exception>
    public FloatModel BalanceChannels(IEnumerable<FloatTensor> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        return new(InChannels, ChannelBalance.Of(Nodes, Observe(batches)));
    }

    private ChannelTap Observe(IEnumerable<FloatTensor> batches)
    {
        var statistics = new ChannelTap(_slots);
        bool isEmpty = true;
        foreach (FloatTensor batch in batches)
        {
            Forward(batch, statistics);
            isEmpty = false;
        }

        return isEmpty ? throw new ArgumentException("The scales of channels come from typical inputs: give at least one.", nameof(batches)) : statistics;
    }

    /// <summary>
    /// Gives the input and every layer's output an observer, or one to several where a layer keeps its input's scale. What was
    /// calibrated before is forgotten. <see cref="Fuse"/> first, since what is not fused is rounded twice.
    /// </summary>
    /// <param name="config">The configuration of every layer; Sigmoid and Tanh have fixed outputs, as in PyTorch.</param>
    /// <exception cref="ArgumentException">An observer of activations is not one of quint8.</exception>
    /// <exception cref="InvalidOperationException">Stubs are placed so that a layer would read int8 and float.</exception>
    public void Prepare(QConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        Prepare(_ => config);
    }

    /// <summary>
    /// As <see cref="Prepare(QConfig)"/>, with a configuration for each layer. One without stays float: the model turns between
    /// float and int8 where such layers meet others, and a value that a float layer makes is observed as the int8 layer that reads it says.
    /// </summary>
    /// <param name="mapping">Configurations by name, name pattern, type, or for all. <see cref="LayerNames"/> are the names.</param>
    /// <exception cref="ArgumentException">An observer of activations is not one of quint8, or the mapping names a layer or type that there is not.</exception>
    /// <exception cref="InvalidOperationException">No layer has a configuration, or stubs are placed so that a layer would read int8 and float.</exception>
    public void Prepare(QConfigMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        mapping.Check(LayerNames);
        Prepare(node => mapping.Resolve(node.Name, node.Layer.Type));
    }

    /// <summary>Runs the model over a batch and lets the observers see it. Call it as often as there are batches.</summary>
    /// <param name="batch">Typical inputs.</param>
    /// <exception cref="InvalidOperationException">The model was not prepared.</exception>
    /// <exception cref="ArgumentException">The shape does not fit a layer, or a value is NaN or infinite and the observer does not skip it.</exception>
    public void Calibrate(FloatTensor batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Preparation preparation = Prepared();
        // Before any observer sees a value: a batch is observed whole or not at all.
        int count = OutputShape(batch.Shape).Count;
        if (_discarded.Length < count)
        {
            _discarded = new float[count];
        }

        _entry.Run(batch.Data, batch.Shape, _discarded, new ObserverTap(_slots, preparation.Observers));
    }

    /// <summary>Calibrates with one batch after the other.</summary>
    /// <param name="batches">Typical inputs.</param>
    /// <param name="progress">Hears after each batch how many were observed in this call.</param>
    /// <param name="cancellationToken">Stops between batches; what was observed until then stays.</param>
    /// <exception cref="InvalidOperationException">The model was not prepared.</exception>
    /// <exception cref="ArgumentException">A shape does not fit a layer, or a value is NaN or infinite and the observer does not skip it.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Calibrate(IEnumerable<FloatTensor> batches, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        Prepared();
        int count = 0;
        foreach (FloatTensor batch in batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Calibrate(batch);
            progress?.Report(++count);
        }
    }

    /// <summary>
    /// Adds what another instance has observed, so that several threads can calibrate: give each a model of its own, built and
    /// prepared in the same way, and a part of the batches, then merge them into one.
    /// </summary>
    /// <param name="other">A model of the same layers and configurations; it stays as it is.</param>
    /// <exception cref="InvalidOperationException">One of the models was not prepared.</exception>
    /// <exception cref="ArgumentException">The models differ, or are the same instance.</exception>
    public void MergeCalibration(FloatModel other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Prepared().Merge(other.Prepared());
    }

    /// <summary>Writes what was observed, so that calibration can go on later or elsewhere.</summary>
    /// <param name="path">The safetensors file, replaced if there is one.</param>
    /// <exception cref="InvalidOperationException">The model was not prepared.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveCalibration(string path) => Prepared().Save(Nodes).Save(path);

    /// <inheritdoc cref="SaveCalibration(string)"/>
    /// <param name="stream">A stream that can be written; it stays open.</param>
    public void SaveCalibration(Stream stream) => Prepared().Save(Nodes).WriteTo(stream);

    /// <summary>Replaces what was observed by what <see cref="SaveCalibration(string)"/> wrote. The configurations are not in the file: prepare with the same ones first.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidOperationException">The model was not prepared.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or of a model with other layers or observers.</exception>
    public void LoadCalibration(string path) => Prepared().Load(Nodes, SafetensorsFile.Load(path));

    /// <inheritdoc cref="LoadCalibration(string)"/>
    /// <param name="stream">The bytes of such a file, read to the end; it stays open.</param>
    public void LoadCalibration(Stream stream) => Prepared().Load(Nodes, SafetensorsFile.Load(stream));

    /// <summary>
    /// Makes the int8 model: weights quantized and scales chosen as the configurations say. It is independent of this one, which
    /// can go on calibrating and convert again.
    /// </summary>
    /// <returns>The converted model.</returns>
    /// <exception cref="InvalidOperationException">The model was not prepared or not calibrated, an observer has no scale, or scales are so far apart that float32 does not hold their ratio.</exception>
    public QuantizedModel Convert() => Convert(static _ => false);

    /// <summary>
    /// As <see cref="Convert()"/>, but the weights of a layer are not rounded each by itself: each one takes in what those before it have made wrong on
    /// typical inputs, and the bias what is left on average. Scales, kernels and speed are the same. It takes no labels, and seconds for a network of some
    /// million weights. docs/accuracy.md has the figures.
    /// </summary>
    /// <param name="batches">Typical inputs, for example those of the calibration; with few, weights fit them too well.</param>
    /// <param name="progress">Hears after each layer with weights how many are done.</param>
    /// <param name="cancellationToken">Stops between layers.</param>
    /// <returns>The converted model.</returns>
    /// <exception cref="InvalidOperationException">As for <see cref="Convert()"/>.</exception>
    /// <exception cref="ArgumentException">There is no batch, or a shape does not fit a layer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public QuantizedModel Convert(IEnumerable<FloatTensor> batches, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        FloatTensor[] inputs = [.. batches];
        if (inputs.Length == 0)
        {
            throw new ArgumentException("Weights are rounded for typical inputs: give at least one.", nameof(batches));
        }

        Preparation preparation = Prepared();
        QuantizationParameters?[] parameters = preparation.Parameters();
        ConvertedNode[] nodes = Nearest(preparation, static _ => false);
        int[] weighted = [.. Enumerable.Range(0, nodes.Length).Where(i => nodes[i].Weights is not null)];
        NearestWeights[] nearest = Array.ConvertAll(weighted, i => new NearestWeights(
            (WeightedModule)Nodes[i].Layer,
            _slots[Nodes[i].Inputs[0]],
            nodes[i].Weights!,
            WeightObserver(Nodes[i], preparation.Configs[i]!).Settings,
            parameters[Nodes[i].Inputs[0]]!.Value));
        QuantizedLayerWeights[] rounded = ModelRounding.Of(this, nearest, inputs, progress, cancellationToken);
        for (int i = 0; i < weighted.Length; i++)
        {
            nodes[weighted[i]] = nodes[weighted[i]] with { Weights = rounded[i] };
        }

        return Converted(nodes, parameters);
    }

    /// <summary>
    /// The int8 model with the least error that typical inputs alone can give, without choosing anything: <see cref="BalanceChannels"/>, ranges from the
    /// least to the greatest value (<see cref="QConfig.FullRange"/>), and weights rounded together (<see cref="Convert(IEnumerable{FloatTensor}, IProgress{int}?, CancellationToken)"/>).
    /// <see cref="Fuse"/> or <see cref="FuseEpilogues"/> first. <see cref="Accuracy.QuantizationStudy"/> shows what each step gains.
    /// </summary>
    /// <param name="batches">Typical inputs; a few dozen pictures are better than a few.</param>
    /// <param name="progress">Hears after each layer with weights how many are done.</param>
    /// <param name="cancellationToken">Stops between batches and layers.</param>
    /// <returns>The converted model.</returns>
    /// <exception cref="ArgumentException">There is no batch, or a shape does not fit a layer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public QuantizedModel Quantize(IEnumerable<FloatTensor> batches, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        FloatTensor[] inputs = [.. batches];
        FloatModel balanced = BalanceChannels(inputs);
        balanced.Prepare(QConfig.FullRange);
        balanced.Calibrate(inputs, cancellationToken: cancellationToken);
        return balanced.Convert(inputs, progress, cancellationToken);
    }

    /// <summary>As <see cref="Convert()"/>, with some of the layers in float although they were prepared.</summary>
    internal QuantizedModel Convert(Predicate<ModelNode> staysFloat)
    {
        Preparation preparation = Prepared();
        QuantizationParameters?[] parameters = preparation.Parameters();
        return Converted(Nearest(preparation, staysFloat), parameters);
    }

    private ConvertedNode[] Nearest(Preparation preparation, Predicate<ModelNode> staysFloat)
    {
        var nodes = new ConvertedNode[Nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            QConfig? config = staysFloat(Nodes[i]) ? null : preparation.Configs[i];
            nodes[i] = new ConvertedNode(Nodes[i], config is not null, config is null ? null : WeightsOf(Nodes[i], config));
        }

        return nodes;
    }

    private QuantizedModel Converted(ConvertedNode[] nodes, QuantizationParameters?[] parameters)
    {
        try
        {
            return new QuantizedModel(InChannels, nodes, parameters);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidOperationException($"What was observed makes no int8 model. {exception.Message}", exception);
        }
    }

    /// <summary>The same model with generated kernels for layers of the kernels' names.</summary>
    /// <exception cref="ArgumentException">There is no layer of a kernel's name, or one of another shape.</exception>
    internal FloatModel WithKernels(IReadOnlyList<LayerFactory> kernels)
    {
        ModelNode[] nodes = [.. Nodes];
        foreach (LayerFactory kernel in kernels)
        {
            int index = Array.FindIndex(nodes, node => node.Name == kernel.Name);
            if (index < 0 || nodes[index].Layer is not WeightedModule layer)
            {
                throw new ArgumentException($"The model has no convolution {kernel.Name} that the generated kernel of this name could run.", nameof(kernels));
            }

            nodes[index] = nodes[index] with { Layer = layer.WithKernel(kernel) };
        }

        return new FloatModel(InChannels, nodes);
    }

    private static QuantizedLayerWeights? WeightsOf(ModelNode node, QConfig config) => node.Layer is not WeightedModule ? null
        : node.Layer.Quantize(WeightObserver(node, config));

    private static IObserver WeightObserver(ModelNode node, QConfig config) =>
        config.Weight() ?? throw new InvalidOperationException($"The configuration of {node.Name} made no observer of weights: its factory returned null.");

    /// <summary>Prepares with a configuration for each node.</summary>
    internal void Prepare(Func<ModelNode, QConfig?> resolve) => _preparation = Preparation.Of(Nodes, resolve);

    /// <summary>The names of layers that become int8, stubs apart.</summary>
    internal IEnumerable<ModelNode> PreparedNodes()
    {
        Preparation preparation = Prepared();
        for (int i = 0; i < Nodes.Length; i++)
        {
            if (preparation.Configs[i] is not null && Nodes[i].Layer is not StubModule)
            {
                yield return Nodes[i];
            }
        }
    }

    /// <summary>How many layers the model has, and what they need to become int8.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{InChannels} channels, {Nodes.Length} layers{(_preparation is null ? "" : ", prepared")}";

    /// <summary>Runs the model; a tap sees every value.</summary>
    internal FloatTensor Forward(FloatTensor input, ITap tap)
    {
        var output = new FloatTensor(OutputShape(input.Shape));
        _entry.Run(input.Data, input.Shape, output.Data, tap);
        return output;
    }

    /// <summary>The slot of a value.</summary>
    internal int Slot(int value) => _slots[value];

    private Preparation Prepared() =>
        _preparation ?? throw new InvalidOperationException("The model has no observers yet: call Prepare first, then Calibrate, then Convert.");

    /// <summary>Shows observers the values that they watch.</summary>
    private sealed class ObserverTap(int[] slots, IObserver?[] observers) : ITap
    {
        public void Written(int slot, Shape4 shape, ReadOnlySpan<byte> bytes)
        {
            ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(bytes);
            for (int value = 0; value < slots.Length; value++)
            {
                if (slots[value] != slot || observers[value] is not { } observer || IsShownBefore(slot, value))
                {
                    continue;
                }

                if (observer is RecordingObserver)
                {
                    observer.Observe(new FloatTensor(shape, values.ToArray()));
                }
                else
                {
                    observer.Observe(values);
                }
            }
        }

        /// <summary>A stub's value is its input's: an observer of both sees it once.</summary>
        private bool IsShownBefore(int slot, int value)
        {
            for (int i = 0; i < value; i++)
            {
                if (slots[i] == slot && ReferenceEquals(observers[i], observers[value]))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
