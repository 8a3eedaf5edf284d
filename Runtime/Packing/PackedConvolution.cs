using System;
using System.Runtime.Intrinsics.X86;
using Kernels.Execution;
using Kernels.Generic;
using Kernels.Quantization;

namespace Kernels.Packing;

/// <summary>
/// The weights and constants of a layer in the order in which its ChannelLanes kernel reads them. Packed once, for the
/// instruction set at hand; read-only afterwards, so that threads can share it.
/// </summary>
public sealed unsafe class PackedConvolution
{
    /// <summary>Output lanes of a block.</summary>
    public const int BlockLanes = 16;

    private const int VectorBytes = 64;

    // A residual costs a block of one pixel tile one more step. Words need no residual but a third more instructions
    // where vector ports are the limit; measured break-even is near one residual for every four steps.
    private const double ResidualLimit = 0.25;

    private readonly AlignedMemory _memory;
    private readonly nint[] _panelOffsets;
    private readonly nint _epilogueOffset;

    private PackedConvolution(LaneLayout layout, LaneWeights weights, Requantizer requantizer, QuantizationParameters input, QuantizationParameters output)
    {
        Layout = layout;
        InputQuantization = input;
        OutputQuantization = output;
        UsesBytes = weights.UsesBytes;

        // Sections: epilogue | block table of each panel | per block: constants, weights, residuals.
        _panelOffsets = new nint[layout.Panels.Length];
        nint at = VectorBytes;
        for (int p = 0; p < _panelOffsets.Length; p++)
        {
            _panelOffsets[p] = at;
            at += Align(weights.Panels[p].Length * sizeof(LaneBlock));
        }

        nint data = at;
        foreach (LaneBlockWeights[] panel in weights.Panels)
        {
            foreach (LaneBlockWeights block in panel)
            {
                at += 3 * VectorBytes + Align(block.Bytes.Length) + block.Residuals.Count * sizeof(Residual);
            }
        }

        _memory = new AlignedMemory((nuint)at);
        byte* memory = _memory.Pointer;
        *(EpilogueScalars*)memory = new EpilogueScalars
        {
            Lower = requantizer.Lower,
            Upper = requantizer.Upper,
            NegativeSlope = requantizer.NegativeSlope,
            ZeroPoint = requantizer.ZeroPoint,
        };
        _epilogueOffset = 0;

        for (int p = 0; p < _panelOffsets.Length; p++)
        {
            var table = (LaneBlock*)(memory + _panelOffsets[p]);
            for (int b = 0; b < weights.Panels[p].Length; b++)
            {
                data = Write(weights.Panels[p][b], requantizer, memory, data, table + b);
            }
        }
    }

    /// <summary>The layout that the weights are packed for.</summary>
    public LaneLayout Layout { get; }

    /// <summary>Scale and zero point of the input.</summary>
    public QuantizationParameters InputQuantization { get; }

    /// <summary>Scale and zero point of the output.</summary>
    public QuantizationParameters OutputQuantization { get; }

    /// <summary>Whether weights are bytes for vpmaddubsw; words for vpmaddwd otherwise.</summary>
    public bool UsesBytes { get; }

    /// <summary>Bytes of packed weights, constants included.</summary>
    public long Size => (long)_memory.Bytes;

    /// <summary>The scalars of the epilogue.</summary>
    public EpilogueScalars* Epilogue => (EpilogueScalars*)(_memory.Pointer + _epilogueOffset);

    /// <summary>The blocks of a panel, group by group.</summary>
    /// <param name="index">Index of the panel in the layout.</param>
    /// <returns>The first block. Valid while this object is alive.</returns>
    public LaneBlock* Panel(int index) => (LaneBlock*)(_memory.Pointer + _panelOffsets[index]);

    /// <summary>Packs the weights of a layer.</summary>
    /// <param name="layout">The generated kernel's layout.</param>
    /// <param name="weight">Int8 weights in PyTorch's order.</param>
    /// <param name="bias">Float32 bias, one an output channel; empty when the layer has none.</param>
    /// <param name="input">Scale and zero point of the input: 0 to 255.</param>
    /// <param name="output">Scale and zero point of the output: 0 to 255.</param>
    /// <returns>The packed weights.</returns>
    /// <exception cref="ArgumentException">Weight or bias does not have the layer's shape.</exception>
    public static PackedConvolution Pack(LaneLayout layout, QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(weight);
        ConvolutionChecks.Check(layout.Spec, weight.Shape);
        ConvolutionChecks.CheckAccumulator(layout.Spec, weight);
        Requantizer requantizer = Requantizer.Create(layout.Spec, weight.Quantization, bias, input, output);

        // Words are exact always, and the only form that tiers without vpmaddubsw have.
        LaneWeights? weights = Avx2.IsSupported ? LaneWeights.Bytes(layout, weight, input.ZeroPoint, ResidualLimit) : null;
        weights ??= LaneWeights.Words(layout, weight, input.ZeroPoint);
        return new PackedConvolution(layout, weights, requantizer, input, output);
    }

    private static nint Align(nint bytes) => (bytes + VectorBytes - 1) & -VectorBytes;

    private static nint Write(LaneBlockWeights block, Requantizer requantizer, byte* memory, nint at, LaneBlock* target)
    {
        target->Start = (int*)(memory + at);
        target->Bias = (float*)(memory + at + VectorBytes);
        target->Multiplier = (float*)(memory + at + 2 * VectorBytes);
        at += 3 * VectorBytes;
        for (int lane = 0; lane < BlockLanes; lane++)
        {
            int channel = block.Channels[lane];
            target->Start[lane] = block.Start[lane];
            target->Bias[lane] = channel < 0 ? 0 : requantizer.Bias[channel];
            target->Multiplier[lane] = channel < 0 ? 0 : requantizer.Multiplier[channel];
        }

        target->Weights = memory + at;
        block.Bytes.CopyTo(new Span<byte>(target->Weights, block.Bytes.Length));
        at += Align(block.Bytes.Length);

        target->Residuals = (Residual*)(memory + at);
        target->ResidualCount = block.Residuals.Count;
        for (int r = 0; r < block.Residuals.Count; r++)
        {
            target->Residuals[r] = block.Residuals[r];
        }

        return at + block.Residuals.Count * sizeof(Residual);
    }
}
