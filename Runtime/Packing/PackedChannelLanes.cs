using System;
using Kernels.Execution;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Packing;

/// <summary>
/// The weights of a ChannelLanes kernel: a table of <see cref="LaneBlock"/> for each panel, and what they point to.
/// </summary>
public sealed unsafe class PackedChannelLanes : PackedConvolution
{
    /// <summary>Output lanes of a block.</summary>
    public const int BlockLanes = 16;

    private const int VectorBytes = 64;

    private readonly AlignedMemory _memory;
    private readonly nint[] _panelOffsets;

    private PackedChannelLanes(LaneLayout layout, LaneWeights weights, MachineCode code, Requantizer requantizer, QuantizationParameters input, QuantizationParameters output)
        : base(layout.Spec, weights.Form, code, input, output)
    {
        Layout = layout;
        SecondQuantization = requantizer.Epilogue?.Second;

        // Sections: epilogue | block table of each panel | per block: constants, weights, residuals.
        _panelOffsets = new nint[layout.Panels.Length];
        nint at = HeadBytes(requantizer);
        float[][] channels = EpilogueConstants.Channels(requantizer);
        for (int p = 0; p < _panelOffsets.Length; p++)
        {
            _panelOffsets[p] = at;
            at += AlignedMemory.Align(weights.Panels[p].Length * sizeof(LaneBlock));
        }

        nint data = at;
        foreach (LaneBlockWeights[] panel in weights.Panels)
        {
            foreach (LaneBlockWeights block in panel)
            {
                at += (3 + channels.Length) * VectorBytes + AlignedMemory.Align(block.Bytes.Length) + block.Residuals.Count * sizeof(Residual);
            }
        }

        _memory = new AlignedMemory((nuint)at);
        byte* memory = _memory.Pointer;
        WriteHead(requantizer, memory);
        for (int p = 0; p < _panelOffsets.Length; p++)
        {
            var table = (LaneBlock*)(memory + _panelOffsets[p]);
            for (int b = 0; b < weights.Panels[p].Length; b++)
            {
                data = Write(weights.Panels[p][b], requantizer, channels, memory, data, table + b);
            }
        }
    }

    /// <summary>The layout that the weights are packed for.</summary>
    public LaneLayout Layout { get; }

    /// <summary>Bytes of packed weights, constants included.</summary>
    public override long Size => (long)_memory.Bytes;

    /// <summary>The scalars of the epilogue.</summary>
    public EpilogueScalars* Epilogue => (EpilogueScalars*)_memory.Pointer;

    /// <summary>The blocks of a panel, group by group.</summary>
    /// <param name="index">Index of the panel in the layout.</param>
    /// <returns>The first block. Valid while this object is alive.</returns>
    public LaneBlock* Panel(int index) => (LaneBlock*)(_memory.Pointer + _panelOffsets[index]);

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
    public static PackedChannelLanes Pack(LaneLayout layout, MachineCode code, QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(weight);
        Check(layout.Spec, weight);
        Requantizer requantizer = Requantizer.Create(layout.Spec, weight.Quantization, bias, input, output, epilogue);

        var centered = new CenteredWeights(layout.Spec, weight);

        code = Usable(code, centered, requantizer);
        // Words are exact always, and the only form that every CPU can multiply.
        LaneWeights? weights = ByteForm(centered, code) is WeightForm form ? LaneWeights.Bytes(layout, centered, ZeroPoint(form, input), form, ResidualLimit(form)) : null;
        weights ??= LaneWeights.Words(layout, centered, input.ZeroPoint);
        return new PackedChannelLanes(layout, weights, code, requantizer, input, output);
    }

    private static nint Write(LaneBlockWeights block, Requantizer requantizer, float[][] channels, byte* memory, nint at, LaneBlock* target)
    {
        target->Start = (int*)(memory + at);
        target->Bias = (float*)(memory + at + VectorBytes);
        target->Multiplier = (float*)(memory + at + 2 * VectorBytes);
        at += (3 + channels.Length) * VectorBytes;
        for (int lane = 0; lane < BlockLanes; lane++)
        {
            int channel = block.Channels[lane];
            target->Start[lane] = block.Start[lane];
            target->Bias[lane] = channel < 0 ? 0 : requantizer.Bias[channel];
            target->Multiplier[lane] = channel < 0 ? 0 : requantizer.Multiplier[channel];
            for (int i = 0; i < channels.Length; i++)
            {
                target->Channels[i * BlockLanes + lane] = channel < 0 ? 0 : channels[i][channel];
            }
        }

        target->Weights = memory + at;
        block.Bytes.CopyTo(new Span<byte>(target->Weights, block.Bytes.Length));
        at += AlignedMemory.Align(block.Bytes.Length);

        target->Residuals = (Residual*)(memory + at);
        target->ResidualCount = block.Residuals.Count;
        for (int r = 0; r < block.Residuals.Count; r++)
        {
            target->Residuals[r] = block.Residuals[r];
        }

        return at + block.Residuals.Count * sizeof(Residual);
    }
}
