using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Kernels.Models.Nodes;
using Kernels.Quantization;

namespace Kernels.Models;

/// <summary>
/// The float model that an annotated class is: a graph of layers with float32 weights, and the way from there to int8:
/// <see cref="AnnotatedModelExtensions.Quantize"/>, or step by step <see cref="Prepare()"/>, <see cref="Calibrate(FloatTensor)"/> with typical inputs, <see cref="Convert"/>. Generated classes derive from it, and
/// add a <c>Load</c> that gives a saved int8 model the class's kernels.
/// </summary>
/// <remarks>
/// For <c>[QuantizedSequential(typeof(First), typeof(Second))] public partial class Network;</c> in the namespace <c>N</c> the
/// generator emits this part, and nothing else:
/// <code>
/// partial class Network : global::Kernels.Models.AnnotatedModel
/// {
///     /// &lt;summary&gt;Makes the model from float weights that PyTorch's nn.Sequential named: 0.weight, 0.bias, 2.weight and so on.&lt;/summary&gt;
///     public Network(global::Kernels.Models.SafetensorsFile weights)
///         : base(global::Kernels.Models.Sequential.Of(Layers, weights))
///     {
///     }
///
///     /// &lt;summary&gt;Makes the model from float weights, one for each layer.&lt;/summary&gt;
///     public Network(global::System.Collections.Generic.IReadOnlyList&lt;global::Kernels.Models.LayerWeights&gt; weights)
///         : base(global::Kernels.Models.Sequential.Of(Layers, weights))
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
///     /// &lt;summary&gt;Reads a converted model that QuantizedModel.Save wrote.&lt;/summary&gt;
///     public static global::Kernels.Models.QuantizedModel Load(string path) =>
///         global::Kernels.Models.QuantizedModel.Load(path, [.. Layers]);
/// }
/// </code>
/// </remarks>
public abstract class AnnotatedModel
{
    /// <summary>Makes the model.</summary>
    /// <param name="graph">Its layers.</param>
    /// <param name="kernels">Generated kernels for layers of the graph, by their names in it. Layers without one keep theirs, or run generic kernels.</param>
    /// <exception cref="ArgumentException">The graph has no layer of a kernel's name, or one of another shape.</exception>
    protected AnnotatedModel(FloatModel graph, params IReadOnlyList<LayerFactory> kernels)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(kernels);
        Graph = kernels.Count == 0 ? graph : graph.WithKernels(kernels);
    }

    /// <summary>The layers, with the names that they have in messages, files and <see cref="QConfigMapping"/>.</summary>
    public FloatModel Graph { get; }

    /// <summary>Shape of the output for an input shape.</summary>
    /// <param name="input">Shape of the input, in NCHW order.</param>
    /// <returns>Shape of the last layer's output.</returns>
    /// <exception cref="ArgumentException">A layer cannot take what reaches it.</exception>
    public Shape4 OutputShape(Shape4 input) => Graph.OutputShape(input);

    /// <summary>Runs the float model over a batch.</summary>
    /// <param name="input">Values in order n, h, w, c.</param>
    /// <param name="batch">Images.</param>
    /// <param name="height">Rows of an input image.</param>
    /// <param name="width">Columns of an input image.</param>
    /// <param name="output">Receives the values in order n, h, w, c. Must not overlap the input.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape, or the shape does not fit a layer.</exception>
    /// <remarks>Allocates only for the first input of each size.</remarks>
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
    /// <exception cref="InvalidOperationException">Stubs are placed so that a layer would read int8 and float.</exception>
    public void Prepare() => Graph.Prepare(static node => WeightScheme(node) == Kernels.WeightScheme.PerChannel ? MinMaxPerChannel : MinMaxPerTensor);

    /// <summary>Observes and quantizes every layer as one configuration says. What was calibrated before is forgotten.</summary>
    /// <param name="config">For example <see cref="QConfig.FullRange"/>. It decides how many scales weights have, whatever the layer's <see cref="WeightScheme"/>.</param>
    /// <exception cref="ArgumentException">An activation observer is not one of quint8.</exception>
    /// <exception cref="InvalidOperationException">Stubs are placed so that a layer would read int8 and float.</exception>
    public void Prepare(QConfig config) => Graph.Prepare(config);

    /// <summary>
    /// Observes and quantizes each layer as a mapping says; the input as the first layer that reads it. What was calibrated before is forgotten.
    /// A layer without a configuration stays float.
    /// </summary>
    /// <param name="mapping">Configurations by layer name (as <see cref="Graph"/> has them) and type, for example <see cref="QConfigMapping.PyTorch"/>.</param>
    /// <exception cref="ArgumentException">An activation observer is not one of quint8, or the mapping names a layer or type that there is not.</exception>
    /// <exception cref="InvalidOperationException">No layer gets a configuration, or stubs are placed so that a layer would read int8 and float.</exception>
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

    /// <summary>Writes what was observed, so that calibration can go on later or elsewhere.</summary>
    /// <param name="path">The safetensors file, replaced if there is one.</param>
    /// <exception cref="InvalidOperationException"><see cref="Prepare()"/> was not called.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveCalibration(string path) => Graph.SaveCalibration(path);

    /// <inheritdoc cref="SaveCalibration(string)"/>
    /// <param name="stream">A stream that can be written; it stays open.</param>
    public void SaveCalibration(Stream stream) => Graph.SaveCalibration(stream);

    /// <summary>Replaces what was observed by what <see cref="SaveCalibration(string)"/> wrote. The configurations are not in the file: prepare with the same ones first.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidOperationException"><see cref="Prepare()"/> was not called.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or of a model with other layers or observers.</exception>
    public void LoadCalibration(string path) => Graph.LoadCalibration(path);

    /// <inheritdoc cref="LoadCalibration(string)"/>
    /// <param name="stream">The bytes of such a file, read to the end; it stays open.</param>
    public void LoadCalibration(Stream stream) => Graph.LoadCalibration(stream);

    /// <summary>
    /// Quantizes the weights, takes scales and zero points of activations from the observers, and makes the int8 model. It is
    /// independent of this one, which can go on calibrating and convert again.
    /// </summary>
    /// <returns>The int8 model; layers without a configuration are float in it.</returns>
    /// <exception cref="InvalidOperationException"><see cref="Prepare()"/> or <see cref="Calibrate(FloatTensor)"/> was not called.</exception>
    public QuantizedModel Convert() => Graph.Convert();

    /// <summary>How many scales the weights of a node get when no configuration says.</summary>
    internal static WeightScheme WeightScheme(ModelNode node) => (node.Layer as WeightedModule)?.Spec.WeightScheme ?? Kernels.WeightScheme.PerChannel;

    private static QConfig MinMaxPerChannel { get; } = new(static () => new MinMaxObserver(), static () => new PerChannelMinMaxObserver(settings: ObserverSettings.Weight));

    private static QConfig MinMaxPerTensor { get; } = new(static () => new MinMaxObserver(), static () => new MinMaxObserver(ObserverSettings.Weight));
}
