using Kernels.Bench.Shapes;
using Kernels.Bench.Timing;
using Kernels.Layers;
using Kernels.Packing;

namespace Kernels.Bench.Subjects;

/// <summary>An int8 layer of this library: generated or generic.</summary>
internal sealed class Int8Contestant : Contestant
{
    private readonly IQuantizedLayer _layer;
    private readonly ShapeRow _row;
    private readonly byte[] _input;
    private readonly byte[] _output;

    /// <summary>Makes it.</summary>
    /// <param name="name">Name of its column.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="data">Its data.</param>
    public Int8Contestant(string name, IQuantizedLayer layer, LayerData data)
        : this(name, layer, data.Row, data.Input)
    {
    }

    /// <summary>Makes it.</summary>
    /// <param name="name">Name of its column.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="row">Size of the input.</param>
    /// <param name="input">Codes of the input in order h, w, c.</param>
    public Int8Contestant(string name, IQuantizedLayer layer, ShapeRow row, byte[] input)
    {
        Name = name;
        _layer = layer;
        _row = row;
        _input = input;
        _output = new byte[row.Output.Count];
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override bool IsManaged => true;

    /// <summary>What the layer runs on; nothing when it does not say. Asked by name: every generated class has a type of its own.</summary>
    public KernelInfo? Info => InfoOf(_layer);

    /// <summary>What a generated layer runs on; null for another.</summary>
    /// <param name="layer">The layer.</param>
    public static KernelInfo? InfoOf(IQuantizedLayer layer) => (layer.GetType().GetProperty("Packed")?.GetValue(layer) as PackedConvolution)?.Info;

    /// <inheritdoc/>
    public override void Run() => _layer.Run(_input, 1, _row.Height, _row.Width, _output);

    /// <inheritdoc/>
    public override byte[] OutputCodes() => _output;
}
