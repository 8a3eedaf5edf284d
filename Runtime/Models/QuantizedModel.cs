using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Kernels.Layers;
using Kernels.Models.Nodes;
using Kernels.Models.Running;
using Kernels.Quantization;

namespace Kernels.Models;

/// <summary>
/// A converted model: int8 layers, float ones where a configuration or a stub said so, and the steps between them. It reads and
/// returns float32, or codes where its ends are int8. Any number of threads may run one instance at once.
/// </summary>
public sealed class QuantizedModel : IFloatLayer
{
    private readonly ConvertedNode[] _nodes;
    private readonly QuantizationParameters?[] _parameters;
    private readonly GraphProgram _program;
    private readonly int[] _floatSlots;
    private readonly int[] _byteSlots;
    private readonly int _byteInputSlot;
    private readonly ProgramEntry _whole;
    private readonly ProgramEntry _floats;
    private readonly ProgramEntry? _codes;

    /// <summary>Makes the layers.</summary>
    /// <param name="inChannels">Channels of the input.</param>
    /// <param name="nodes">The layers.</param>
    /// <param name="parameters">Scale and zero point of each value, the model's input first; null where it is nowhere int8.</param>
    /// <param name="arithmetic">Whose arithmetic it follows.</param>
    /// <exception cref="ArgumentException">Weights or parameters do not fit a layer.</exception>
    internal QuantizedModel(int inChannels, ConvertedNode[] nodes, QuantizationParameters?[] parameters, Int8Arithmetic arithmetic = Int8Arithmetic.PyTorch)
    {
        InChannels = inChannels;
        Arithmetic = arithmetic;
        _nodes = nodes;
        _parameters = parameters;
        _program = new GraphProgram(inChannels);
        _floatSlots = new int[nodes.Length + 1];
        _byteSlots = new int[nodes.Length + 1];
        _floatSlots.AsSpan().Fill(-1);
        _byteSlots.AsSpan().Fill(-1);
        _floatSlots[0] = _program.InputSlot;
        for (int i = 0; i < nodes.Length; i++)
        {
            Add(nodes[i], i + 1);
        }

        _program.OutputSlot = FloatSlot(nodes.Length);
        _byteInputSlot = _program.ByteInputSlot();
        int byteOutputSlot = _program.ByteOutputSlot();
        InputQuantization = _byteInputSlot < 0 ? null : parameters[Array.IndexOf(_byteSlots, _byteInputSlot)];
        OutputQuantization = byteOutputSlot < 0 ? null : parameters[Array.IndexOf(_byteSlots, byteOutputSlot)];
        _whole = _program.Entry(isWhole: true);
        _floats = _program.Entry(isWhole: false);
        _codes = _byteInputSlot < 0 || byteOutputSlot < 0 ? null : _program.Entry(_byteInputSlot, byteOutputSlot);
    }

    /// <summary>Channels of the input.</summary>
    public int InChannels { get; }

    /// <summary>Scale and zero point that quantized input must have; null when a float layer reads the input.</summary>
    public QuantizationParameters? InputQuantization { get; }

    /// <summary>Scale and zero point of the output as codes; null when a float layer makes it.</summary>
    public QuantizationParameters? OutputQuantization { get; }

    /// <summary>Whose arithmetic the model follows: PyTorch's, unless it comes from an ONNX file that was loaded with ONNX Runtime's.</summary>
    public Int8Arithmetic Arithmetic { get; }

    /// <summary>The layers in the order in which they run.</summary>
    public IReadOnlyList<ConvertedLayer> Layers
    {
        get
        {
            var layers = new ConvertedLayer[_nodes.Length];
            for (int i = 0; i < layers.Length; i++)
            {
                ConvertedNode node = _nodes[i];
                layers[i] = new ConvertedLayer(node.Node.Name, node.Node.Layer.Type, node.IsQuantized, _parameters[i + 1], node.Weights) { Kernel = Kernel(i) };
            }

            return layers;
        }
    }

    internal ConvertedNode[] Nodes => _nodes;

    internal QuantizationParameters?[] Parameters => _parameters;

    /// <summary>Reads a file that <see cref="Save(string)"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kernels">Generated layers for layers of the model, by their names in it: <c>LayerFactory.For&lt;First&gt;("conv1")</c>. All others run with generic kernels, to the same bytes.</param>
    /// <returns>The model; it computes what the saved one did.</returns>
    /// <exception cref="InvalidDataException">The file is damaged or of another version, or a kernel is not that of a layer in the file; the message says which.</exception>
    public static QuantizedModel Load(string path, params ReadOnlySpan<LayerFactory> kernels) => Load(path, kernels, choose: null);

    /// <summary>Reads a file, whose layers can be given kernels otherwise before any is packed.</summary>
    internal static QuantizedModel Load(string path, ReadOnlySpan<LayerFactory> kernels, Func<ConvertedNode[], ConvertedNode[]>? choose)
    {
        SafetensorsFile file = SafetensorsFile.Load(path);
        try
        {
            return QuantizedModelFile.Read(file, kernels, choose);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }

    /// <summary>Reads what <see cref="Save(Stream)"/> wrote, up to the stream's end.</summary>
    /// <param name="stream">The file's bytes; it stays open.</param>
    /// <param name="kernels">Generated layers, as for a file.</param>
    /// <returns>The model; it computes what the saved one did.</returns>
    /// <exception cref="InvalidDataException">The bytes are damaged or of another version, or a kernel is not that of a layer; the message says which.</exception>
    public static QuantizedModel Load(Stream stream, params ReadOnlySpan<LayerFactory> kernels) => QuantizedModelFile.Read(SafetensorsFile.Load(stream), kernels);

    /// <summary>Writes layers, weights, scales and zero points to one safetensors file, which needs nothing else to be loaded.</summary>
    /// <param name="path">The file, replaced if there is one.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => QuantizedModelFile.Write(this).Save(path);

    /// <summary>Writes the bytes of such a file.</summary>
    /// <param name="stream">A stream that can be written; it stays open.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void Save(Stream stream) => QuantizedModelFile.Write(this).WriteTo(stream);

    /// <summary>How many layers the model has, how many of them are int8, and how many of those run with generic kernels.</summary>
    /// <returns>One line.</returns>
    public override string ToString()
    {
        int generic = Layers.Count(static layer => layer.IsGeneric);
        string kernels = generic == 0 ? "" : $", {generic} with generic kernels";
        return $"{InChannels} channels, {Layers.Count} layers: {Layers.Count(static layer => layer.IsQuantized)} int8{kernels}";
    }

    /// <inheritdoc/>
    public Shape4 OutputShape(Shape4 input) => _floats.OutputShape(input);

    /// <summary>Makes ready for runs of a size, so that they allocate nothing from the first on.</summary>
    /// <param name="input">Shape of the input.</param>
    /// <param name="calls">How many calls there will be at once, 1 to 128.</param>
    /// <exception cref="ArgumentException">The shape does not fit a layer.</exception>
    public void Reserve(Shape4 input, int calls = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(calls, ArenaPool.Capacity);
        (_codes ?? _floats).Reserve(input, calls);
    }

    /// <summary>
    /// Bytes that the tensors between the layers take in a run. Small files can ask for much, by scaling up and down again: where a model
    /// is not your own, look at this before you run it.
    /// </summary>
    /// <param name="input">Shape of the input.</param>
    /// <returns>The bytes, at most 2 GB.</returns>
    /// <exception cref="ArgumentException">A layer cannot take what reaches it, or more than 2 GB would be needed.</exception>
    public long WorkingMemory(Shape4 input) => _floats.Plan(input).Size;

    /// <inheritdoc/>
    /// <remarks>Allocates only for the first input of each size, and when more calls run at once than before; see <see cref="Reserve"/>.</remarks>
    public void Run(ReadOnlySpan<float> input, int batch, int height, int width, Span<float> output) =>
        _floats.Run(input, new Shape4(batch, InChannels, height, width), output);

    /// <summary>Runs the model over codes.</summary>
    /// <param name="input">Codes of <see cref="InputQuantization"/> in order n, h, w, c.</param>
    /// <param name="batch">Images.</param>
    /// <param name="height">Rows of an input image.</param>
    /// <param name="width">Columns of an input image.</param>
    /// <param name="output">Receives codes of <see cref="OutputQuantization"/> in order n, h, w, c. Must not overlap the input.</param>
    /// <exception cref="ArgumentException">A span is shorter than its shape, or the shape does not fit the model.</exception>
    /// <exception cref="InvalidOperationException">The model's input or output is float.</exception>
    /// <remarks>Allocates only for the first input of each size, and when more calls run at once than before; see <see cref="Reserve"/>.</remarks>
    public void Run(ReadOnlySpan<byte> input, int batch, int height, int width, Span<byte> output)
    {
        CheckEnds();
        _codes!.Run(input, new Shape4(batch, InChannels, height, width), output);
    }

    /// <summary>Runs the model over a batch.</summary>
    /// <param name="input">The batch.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">The shape does not fit a layer.</exception>
    public FloatTensor Forward(FloatTensor input) => LayerForward.Run(this, input);

    /// <summary>Runs the model over a quantized batch.</summary>
    /// <param name="input">The batch, quantized as <see cref="InputQuantization"/>.</param>
    /// <returns>A new tensor.</returns>
    /// <exception cref="ArgumentException">The input is quantized otherwise, or its shape does not fit.</exception>
    /// <exception cref="InvalidOperationException">The model's input or output is float.</exception>
    public QuantizedTensor Forward(QuantizedTensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckEnds();
        if (input.Quantization != InputQuantization)
        {
            throw new ArgumentException($"The model was made for an input quantized as {InputQuantization}, but the tensor is {input.Quantization}. Requantize it first.", nameof(input));
        }

        var output = new QuantizedTensor(OutputShape(input.Shape), OutputQuantization!.Value);
        Run(input.Data, input.Shape.N, input.Shape.H, input.Shape.W, output.Data);
        return output;
    }

    /// <summary>The same model with the generic kernels, which need no generated code: same bytes, slower. For comparison.</summary>
    /// <returns>A new model.</returns>
    public QuantizedModel WithGenericKernels() => new(
        InChannels,
        Array.ConvertAll(_nodes, static node => node.Node.Layer is WeightedModule layer ? node with { Node = node.Node with { Layer = layer.WithKernel(null) } } : node),
        _parameters,
        Arithmetic);

    /// <summary>Says in one line which int8 layers run generic kernels, since no generated ones were given for them.</summary>
    /// <returns>For example <c>2 of 7 int8 layers with weights run generic kernels: conv1, conv2.</c></returns>
    public string DescribeKernels()
    {
        List<ConvertedLayer> weighted = [.. Layers];
        weighted.RemoveAll(static layer => layer.Kernel is null);
        List<ConvertedLayer> generic = weighted.FindAll(static layer => layer.IsGeneric);
        return generic.Count == 0
            ? $"All {weighted.Count} int8 layers with weights run generated kernels."
            : $"{generic.Count} of {weighted.Count} int8 layers with weights run generic kernels: {string.Join(", ", generic.ConvertAll(static layer => layer.Name))}.";
    }

    /// <summary>Bytes between the layers of a run over codes, or over floats where an end is float.</summary>
    /// <param name="input">Shape of the input.</param>
    /// <returns>Bytes of the memory that a run takes, and what they would be if no two values shared memory.</returns>
    /// <exception cref="ArgumentException">The shape does not fit a layer.</exception>
    public (long Arena, long Sum) MemoryOf(Shape4 input)
    {
        MemoryPlan plan = (_codes ?? _floats).Plan(input);
        return (plan.Size, plan.Sum);
    }

    /// <summary>Measures the steps of a run on this machine, each by the clock: warm up first, and run nothing else.</summary>
    /// <param name="input">An input.</param>
    /// <param name="runs">Runs to take the median of, at least 1.</param>
    /// <returns>The steps in the order in which they run. Tables that follow one another, one step otherwise, are measured apart.</returns>
    /// <exception cref="ArgumentException">The shape does not fit a layer, or there is no run.</exception>
    public IReadOnlyList<StepTime> Profile(FloatTensor input, int runs = 31)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        var clock = new StepClock();

        // One for all runs: memory that is new to the process would be timed too.
        var output = new FloatTensor(OutputShape(input.Shape));
        for (int run = 0; run < runs; run++)
        {
            clock.Start();
            _whole.Run(input.Data, input.Shape, output.Data, clock);
        }

        var nodes = new Dictionary<int, ModelNode>();
        for (int i = 0; i < _nodes.Length; i++)
        {
            nodes.TryAdd(Written(i).Slot, _nodes[i].Node);
        }

        return [.. clock.Slots.Select(slot => nodes.TryGetValue(slot, out ModelNode? node)
            ? new StepTime(node.Name, node.Layer.Type, clock.Median(slot))
            : new StepTime("", _program.Slots[slot].IsFloat ? "DeQuantize" : "Quantize", clock.Median(slot)))];
    }

    /// <summary>Runs the model; a tap sees every value.</summary>
    internal FloatTensor Forward(FloatTensor input, ITap tap)
    {
        var output = new FloatTensor(OutputShape(input.Shape));
        _whole.Run(input.Data, input.Shape, output.Data, tap);
        return output;
    }

    /// <summary>The slot of the quantized input, or -1.</summary>
    internal int InputSlot => _byteInputSlot;

    /// <summary>The slot that a node writes, and the scale of its codes, or null for floats.</summary>
    internal (int Slot, QuantizationParameters? Parameters) Written(int node) =>
        _nodes[node].IsQuantized ? (_byteSlots[node + 1], _parameters[node + 1]) : (_floatSlots[node + 1], null);

    /// <summary>What runs an int8 layer with weights.</summary>
    private IQuantizedLayer? Kernel(int node)
    {
        if (_nodes[node].Weights is null)
        {
            return null;
        }

        foreach (Step step in _program.Steps)
        {
            if (step.Output == _byteSlots[node + 1])
            {
                return step.Operator switch
                {
                    QuantizedOperator one => one.Layer,
                    ResidualOperator two => two.Layer,
                    _ => null,
                };
            }
        }

        return null;
    }

    private void CheckEnds()
    {
        if (InputQuantization is null || OutputQuantization is null)
        {
            throw new InvalidOperationException($"The model's {(InputQuantization is null ? "input" : "output")} is float: give it floats.");
        }
    }

    private void Add(ConvertedNode converted, int value)
    {
        (ModelNode node, bool isQuantized, QuantizedLayerWeights? weights) = converted;
        if (node.Layer is StubModule)
        {
            // Computes nothing: its value is its input's, in the one form that it asks for.
            (isQuantized ? _byteSlots : _floatSlots)[value] = isQuantized ? ByteSlot(node.Inputs[0]) : FloatSlot(node.Inputs[0]);
            if (isQuantized && _parameters[value] != _parameters[node.Inputs[0]])
            {
                throw new ArgumentException($"The stub {node.Name} must have the scale and zero point of its input.");
            }
        }
        else if (isQuantized)
        {
            int[] inputs = Array.ConvertAll(node.Inputs, ByteSlot);
            QuantizationParameters[] parameters = Array.ConvertAll(node.Inputs, Required);
            try
            {
                Operator step = node.Layer.Quantized(weights, parameters, Required(value));
                step = Arithmetic == Int8Arithmetic.PyTorch ? step : step.With(Arithmetic);
                _byteSlots[value] = _program.Add(node.Name, step, inputs, isFloat: false);
                if (node.Layer is WeightedModule { Kernel: not null } layer)
                {
                    KernelWarmup.Begin(step, layer.Spec);
                }
            }
            catch (ArgumentException exception)
            {
                throw new ArgumentException($"The layer {node.Name} cannot be made. {exception.Message}", exception);
            }
        }
        else
        {
            _floatSlots[value] = _program.Add(node.Name, node.Layer.Float(), Array.ConvertAll(node.Inputs, FloatSlot), isFloat: true);
        }
    }

    private int ByteSlot(int value)
    {
        if (_byteSlots[value] < 0)
        {
            _byteSlots[value] = _program.Add($"quantize {Name(value)}", new QuantizeOperator(Required(value), Arithmetic), [_floatSlots[value]], isFloat: false);
        }

        return _byteSlots[value];
    }

    private int FloatSlot(int value)
    {
        if (_floatSlots[value] < 0)
        {
            _floatSlots[value] = _program.Add($"dequantize {Name(value)}", new DequantizeOperator(Required(value)), [_byteSlots[value]], isFloat: true);
        }

        return _floatSlots[value];
    }

    private QuantizationParameters Required(int value) =>
        _parameters[value] ?? throw new ArgumentException($"{Name(value)} has no scale and zero point, but is read or made as int8.");

    private string Name(int value) => value == 0 ? ModelBuilder.InputName : _nodes[value - 1].Node.Name;
}
