using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Kernels.Models.Nodes;
using Kernels.Quantization;

namespace Kernels.Models;

/// <summary>
/// The float model that a class annotated with <see cref="QuantizedSequentialAttribute"/> is: layers with float32 weights that
/// run one after the other, and the way from there to int8: <see cref="Prepare()"/>, <see cref="Calibrate(FloatTensor)"/> with
/// typical inputs, <see cref="Convert"/>. One instance runs one call at a time.
/// </summary>
/// <remarks>
/// For <c>[QuantizedSequential(typeof(First), typeof(Second))] public partial class Network;</c> in the namespace <c>N</c> the
/// generator emits this part, and nothing else:
/// <code>
/// partial class Network : global::Kernels.Models.QuantizedSequentialModel
/// {
///     /// &lt;summary&gt;Makes the model from float weights that PyTorch's nn.Sequential named: 0.weight, 0.bias, 2.weight and so on.&lt;/summary&gt;
///     public Network(global::Kernels.Models.SafetensorsFile weights)
///         : base(Layers, weights)
///     {
///     }
///
///     /// &lt;summary&gt;Makes the model from float weights, one for each layer.&lt;/summary&gt;
///     public Network(global::System.Collections.Generic.IReadOnlyList&lt;global::Kernels.Models.LayerWeights&gt; weights)
///         : base(Layers, weights)
///     {
///     }
///
///     /// &lt;summary&gt;The layers in the order in which they run.&lt;/summary&gt;
///     public static global::System.Collections.Generic.IReadOnlyList&lt;global::Kernels.Models.LayerFactory&gt; Layers { get; } =
///     [
///         global::Kernels.Models.LayerFactory.For&lt;global::N.First&gt;("First"),
///         global::Kernels.Models.LayerFactory.For&lt;global::N.Second&gt;("Second"),
///     ];
///
///     /// &lt;summary&gt;Reads a converted model that QuantizedSequence.Save wrote.&lt;/summary&gt;
///     public static global::Kernels.Models.QuantizedSequence Load(string path) =>
///         global::Kernels.Models.QuantizedSequence.Load(path, Layers);
/// }
/// </code>
/// </remarks>
public abstract class QuantizedSequentialModel
{
    private readonly LayerFactory[] _layers;
    private readonly LayerWeights[] _weights;

    /// <summary>Makes the model from a file of float weights.</summary>
    /// <param name="layers">The layers in the order in which they run.</param>
    /// <param name="weights">F32 or F16 tensors with the names of PyTorch's <c>nn.Sequential</c>: <c>0.weight</c>, <c>0.bias</c>, <c>2.weight</c> and so on; no others.</param>
    /// <exception cref="InvalidDataException">A tensor is missing, is no layer's, or does not have its layer's shape.</exception>
    protected QuantizedSequentialModel(IReadOnlyList<LayerFactory> layers, SafetensorsFile weights)
        : this(layers, SequentialWeights.Read(weights, layers))
    {
    }

    /// <summary>Makes the model from float weights.</summary>
    /// <param name="layers">The layers in the order in which they run.</param>
    /// <param name="weights">Weights for each.</param>
    /// <exception cref="ArgumentException">The counts differ, a layer cannot read what the one before it writes, or weights do not have their layer's shape.</exception>
    protected QuantizedSequentialModel(IReadOnlyList<LayerFactory> layers, IReadOnlyList<LayerWeights> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        _layers = SequentialLayers.Checked(layers);
        SequentialLayers.CheckCount(_layers, weights.Count, nameof(weights));
        SequentialLayers.RequireAll(weights, nameof(weights));
        _weights = [.. weights];
        for (int i = 0; i < _layers.Length; i++)
        {
            if (LayerWeights.Misfit(_layers[i], _weights[i].Weight.Shape, _weights[i].Bias.Length) is { } misfit)
            {
                throw new ArgumentException(misfit, nameof(weights));
            }
        }

        Graph = new FloatModel(_layers[0].Spec.InChannels, SequentialLayers.Nodes(_layers, i => new WeightedModule(_layers[i].Spec, _weights[i], kernel: _layers[i])));
    }

    /// <summary>
    /// The same model as a graph: what one of them observes, the other has observed. Its layers have the names of their classes;
    /// a class that occurs again gets a number, as in <c>First_2</c>.
    /// </summary>
    public FloatModel Graph { get; }

    /// <summary>How each layer is made.</summary>
    internal LayerFactory[] Factories => _layers;

    /// <summary>The float weights of each layer.</summary>
    public IReadOnlyList<LayerWeights> Weights => _weights;

    /// <summary>Shape of the output for an input shape.</summary>
    /// <param name="input">Shape of the input, in NCHW order.</param>
    /// <returns>Shape of the last layer's output.</returns>
    /// <exception cref="ArgumentException">A layer cannot take what reaches it.</exception>
    public Shape4 OutputShape(Shape4 input) => SequentialLayers.OutputShape(_layers, input);

    /// <summary>Runs the float model over a batch.</summary>
    /// <param name="input">Values in order n, h, w, c.</param>
    /// <param name="batch">Images.</param>
    /// <param name="height">Rows of an input image.</param>
    /// <param name="width">Columns of an input image.</param>
    /// <param name="output">Receives the values in order n, h, w, c. Must not overlap the input.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape, or the shape does not fit a layer.</exception>
    /// <remarks>Allocates only when an image is larger than all before it.</remarks>
    public void Run(ReadOnlySpan<float> input, int batch, int height, int width, Span<float> output) =>
        Graph.Run(input, batch, height, width, output);

    /// <summary>Runs the float model over a batch.</summary>
    /// <param name="input">The batch.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">The shape does not fit a layer.</exception>
    public FloatTensor Forward(FloatTensor input) => Graph.Forward(input);

    /// <summary>
    /// Puts a <see cref="MinMaxObserver"/> on the input and behind every layer; weights are quantized as each layer's
    /// <see cref="WeightScheme"/> says. What was calibrated before is forgotten.
    /// </summary>
    public void Prepare() => Graph.Prepare(static node => new QConfig(
        static () => new MinMaxObserver(),
        ((WeightedModule)node.Layer).Spec.WeightScheme == WeightScheme.PerChannel
            ? static () => new PerChannelMinMaxObserver(settings: ObserverSettings.Weight)
            : static () => new MinMaxObserver(ObserverSettings.Weight)));

    /// <summary>Observes and quantizes every layer as one configuration says. What was calibrated before is forgotten.</summary>
    /// <param name="config">For example <see cref="QConfig.FullRange"/>. It decides how many scales weights have, whatever the layer's <see cref="WeightScheme"/>.</param>
    /// <exception cref="ArgumentException">An activation observer is not one of quint8.</exception>
    public void Prepare(QConfig config) => Graph.Prepare(config);

    /// <summary>
    /// Observes and quantizes each layer as a mapping says; the input as the first layer. What was calibrated before is forgotten.
    /// When the mapping keeps a layer in float, <see cref="ConvertMixed"/> converts.
    /// </summary>
    /// <param name="mapping">Configurations by layer name (as <see cref="Graph"/> has them) and type, for example <see cref="QConfigMapping.PyTorch"/>.</param>
    /// <exception cref="ArgumentException">An activation observer is not one of quint8.</exception>
    /// <exception cref="InvalidOperationException">No layer gets a configuration.</exception>
    public void Prepare(QConfigMapping mapping) => Graph.Prepare(mapping);

    /// <summary>Runs the float model over a batch and lets the observers see it. Call it as often as there are batches.</summary>
    /// <param name="batch">Typical inputs.</param>
    /// <exception cref="InvalidOperationException"><see cref="Prepare()"/> was not called.</exception>
    /// <exception cref="ArgumentException">The shape does not fit a layer, or a value is NaN or infinite and the observer does not skip it.</exception>
    public void Calibrate(FloatTensor batch) => Graph.Calibrate(batch);

    /// <summary>Calibrates with one batch after the other.</summary>
    /// <param name="batches">Typical inputs.</param>
    /// <param name="progress">Hears after each batch how many were observed in this call.</param>
    /// <param name="cancellationToken">Stops between batches; what was observed until then stays.</param>
    /// <exception cref="InvalidOperationException"><see cref="Prepare()"/> was not called.</exception>
    /// <exception cref="ArgumentException">A shape does not fit a layer, or a value is NaN or infinite and the observer does not skip it.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Calibrate(IEnumerable<FloatTensor> batches, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        Graph.Calibrate(batches, progress, cancellationToken);

    /// <summary>
    /// Quantizes the weights, takes scales and zero points of activations from the observers, and makes the int8 model. It is
    /// independent of this one, which can go on calibrating and convert again.
    /// </summary>
    /// <returns>The int8 model.</returns>
    /// <exception cref="InvalidOperationException"><see cref="Prepare()"/> or <see cref="Calibrate(FloatTensor)"/> was not called, or a layer stays float.</exception>
    public QuantizedSequence Convert()
    {
        (ConvertedNode[] nodes, QuantizationParameters?[] parameters) = Graph.ConvertNodes(static _ => false);
        return Array.Find(nodes, static node => !node.IsQuantized) is { } node
            ? throw new InvalidOperationException($"The layer {node.Node.Name} has no configuration and stays float, but a QuantizedSequence is int8 throughout: call ConvertMixed.")
            : Sequence(nodes, parameters);
    }

    private QuantizedSequence Sequence(ConvertedNode[] nodes, QuantizationParameters?[] parameters)
    {
        try
        {
            return new QuantizedSequence(_layers, Array.ConvertAll(nodes, static node => node.Weights!), Array.ConvertAll(parameters, static pair => pair!.Value));
        }
        catch (ArgumentException exception)
        {
            throw new InvalidOperationException($"What was observed makes no int8 model. {exception.Message}", exception);
        }
    }

    /// <summary>As <see cref="Convert"/>, for a model that may have layers in float.</summary>
    /// <returns>The converted model, which turns between float and int8 where it must.</returns>
    /// <exception cref="InvalidOperationException"><see cref="Prepare()"/> or <see cref="Calibrate(FloatTensor)"/> was not called.</exception>
    public QuantizedModel ConvertMixed() => Graph.Convert();
}
