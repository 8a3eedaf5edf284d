using System;
using System.Collections.Generic;
using System.IO;

namespace Kernels.Models;

/// <summary>
/// The float model that a class annotated with <see cref="QuantizedSequentialAttribute"/> is: layers with float32 weights that
/// run one after the other.
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
        _weights = [.. weights];
        for (int i = 0; i < _layers.Length; i++)
        {
            if (LayerWeights.Misfit(_layers[i], _weights[i].Weight.Shape, _weights[i].Bias.Length) is { } misfit)
            {
                throw new ArgumentException(misfit, nameof(weights));
            }
        }
    }

    /// <summary>The float weights of each layer.</summary>
    public IReadOnlyList<LayerWeights> Weights => _weights;

    /// <summary>Shape of the output for an input shape.</summary>
    /// <param name="input">Shape of the input, in NCHW order.</param>
    /// <returns>Shape of the last layer's output.</returns>
    /// <exception cref="ArgumentException">A layer cannot take what reaches it.</exception>
    public Shape4 OutputShape(Shape4 input) => SequentialLayers.OutputShape(_layers, input);
}
