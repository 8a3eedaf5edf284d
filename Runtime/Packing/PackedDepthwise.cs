using System;
using System.Linq;
using Kernels.Execution;
using Kernels.Layers;
using Kernels.Quantization;
using Kernels.Shared;

namespace Kernels.Packing;

/// <summary>The weights of a Depthwise kernel: a table of <see cref="DepthwiseBlock"/> for each panel, and what they point to.</summary>
public sealed unsafe class PackedDepthwise : PackedConvolution
{
    private readonly AlignedMemory _memory;
    private readonly nint[] _panelOffsets;

    private PackedDepthwise(DepthwiseLayout layout, DepthwiseLanes lanes, DepthwiseWeights[][] weights, WeightForm form, MachineCode code, Requantizer requantizer, QuantizationParameters input, QuantizationParameters output)
        : base(layout.Spec, form, code, input, output)
    {
        Layout = layout;
        Lanes = lanes;
        SecondQuantization = requantizer.Epilogue?.Second;
        float[][] constants = [requantizer.Bias.ToArray(), requantizer.Multiplier.ToArray(), .. EpilogueConstants.Channels(requantizer)];

        // Sections: epilogue | block table of each panel | constants of each chunk | start values and weights of each block.
        _panelOffsets = new nint[layout.Panels.Length];
        nint at = HeadBytes(requantizer);
        for (int p = 0; p < _panelOffsets.Length; p++)
        {
            _panelOffsets[p] = at;
            at += AlignedMemory.Align(lanes.Chunks.Count * sizeof(DepthwiseBlock));
        }

        nint next = at;
        at += (nint)lanes.Chunks.Sum(chunk => constants.Length * (long)ConstantBytes(chunk));
        nint data = at;
        at += (nint)weights.Sum(static panel => panel.Sum(static block => (long)Bytes(block)));
        _memory = new AlignedMemory((nuint)at);
        byte* memory = _memory.Pointer;
        WriteHead(requantizer, memory);
        for (int c = 0; c < lanes.Chunks.Count; c++)
        {
            ChannelChunk chunk = lanes.Chunks[c];
            var bias = (float*)(memory + next);
            next += constants.Length * ConstantBytes(chunk);
            for (int lane = 0; lane < lanes.Stored(chunk); lane++)
            {
                int place = DepthwiseLanes.PlaceOf(lane, chunk.Lanes);
                for (int i = 0; i < constants.Length; i++)
                {
                    bias[i * chunk.Lanes + place] = constants[i][lanes.ChannelOf(chunk, lane)];
                }
            }

            for (int p = 0; p < weights.Length; p++)
            {
                DepthwiseWeights block = weights[p][c];
                var start = (int*)(memory + data);
                byte* bytes = memory + data + AlignedMemory.Align(block.Start.Length * sizeof(int));
                data += Bytes(block);
                block.Start.CopyTo(new Span<int>(start, block.Start.Length));
                block.Weights.CopyTo(new Span<byte>(bytes, block.Weights.Length));
                Panel(p)[c] = new DepthwiseBlock { Weights = bytes, Start = start, Bias = bias, Multiplier = bias + chunk.Lanes };
            }
        }
    }

    /// <summary>The layout that the weights are packed for.</summary>
    public DepthwiseLayout Layout { get; }

    /// <inheritdoc/>
    public override long Size => (long)_memory.Bytes;

    /// <summary>The scalars of the epilogue.</summary>
    public EpilogueScalars* Epilogue => (EpilogueScalars*)_memory.Pointer;

    /// <summary>How channels fill the vectors of the tier at hand.</summary>
    internal DepthwiseLanes Lanes { get; }

    /// <summary>Tiles make words of bytes themselves.</summary>
    internal override int ChannelBytes => sizeof(byte);

    /// <summary>The chunks of a panel.</summary>
    /// <param name="index">Index of the panel in the layout.</param>
    /// <returns>The first block. Valid while this object is alive.</returns>
    public DepthwiseBlock* Panel(int index) => (DepthwiseBlock*)(_memory.Pointer + _panelOffsets[index]);

    /// <summary>Packs the weights of a layer.</summary>
    /// <param name="layout">The generated kernel's layout.</param>
    /// <param name="code">The kernel's machine code, or its absence.</param>
    /// <param name="weight">Int8 weights in PyTorch's order.</param>
    /// <param name="bias">Float32 bias, one an output channel; empty when the layer has none.</param>
    /// <param name="input">Scale and zero point of the input: 0 to 255.</param>
    /// <param name="output">Scale and zero point of the output: 0 to 255.</param>
    /// <param name="epilogue">The functions of the layer's epilogue; null where it has none.</param>
    /// <returns>The packed weights.</returns>
    /// <exception cref="ArgumentException">Weight, bias or epilogue are not the layer's.</exception>
    public static PackedDepthwise Pack(DepthwiseLayout layout, MachineCode code, QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(weight);
        Check(layout.Spec, weight);
        Requantizer requantizer = Requantizer.Create(layout.Spec, weight.Quantization, bias, input, output, epilogue);
        var centered = new CenteredWeights(layout.Spec, weight);
        code = Usable(code, centered, requantizer);
        WeightForm form = ByteForm(centered, code) ?? WeightForm.Words;
        DepthwiseLanes lanes = LanesOf(form);
        DepthwiseWeights[][]? weights = Arrange(form);
        if (weights is null)
        {
            // Words are exact always.
            form = WeightForm.Words;
            lanes = LanesOf(form);
            weights = Arrange(form);
        }

        return new PackedDepthwise(layout, lanes, weights!, form, code, requantizer, input, output);

        DepthwiseLanes LanesOf(WeightForm form)
        {
            bool machine = form == WeightForm.ExactBytes && code.IsAvailable;
            return DepthwiseLanes.Of(layout.Spec.OutChannels, layout.MayRepeat, machine ? 64 : Ladder.VectorBytes(form), hasNarrower: machine);
        }

        DepthwiseWeights[][]? Arrange(WeightForm form)
        {
            DepthwiseWeights[][] panels = [.. layout.Panels.Select(panel => lanes.Chunks.Select(chunk => DepthwiseWeights.Arrange(panel, lanes, chunk, centered, ZeroPoint(form, input), form)).OfType<DepthwiseWeights>().ToArray())];
            return panels.All(panel => panel.Length == lanes.Chunks.Count) ? panels : null;
        }
    }

    private static nint ConstantBytes(ChannelChunk chunk) => chunk.Lanes * sizeof(float);

    private static nint Bytes(DepthwiseWeights block) => AlignedMemory.Align(block.Start.Length * sizeof(int)) + AlignedMemory.Align(block.Weights.Length);
}
