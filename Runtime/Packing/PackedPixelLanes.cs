using System;
using System.Collections.Generic;
using Kernels.Execution;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Packing;

/// <summary>The weights of a PixelLanes kernel: a <see cref="PixelBlock"/> for each panel, and what it points to.</summary>
public sealed unsafe class PackedPixelLanes : PackedConvolution
{
    private readonly AlignedMemory _memory;
    private readonly nint _headBytes;
    private readonly float[][] _channels;

    private PackedPixelLanes(PixelLayout layout, PixelWeights[] panels, WeightForm form, MachineCode code, Requantizer requantizer, QuantizationParameters input, QuantizationParameters output)
        : base(layout.Spec, form, code, input, output)
    {
        Layout = layout;
        SecondQuantization = requantizer.Epilogue?.Second;
        _headBytes = HeadBytes(requantizer);
        _channels = EpilogueConstants.Channels(requantizer);
        nint at = TableBytes(panels.Length);
        for (int p = 0; p < panels.Length; p++)
        {
            at += SectionBytes(panels[p]) + StoreTableBytes(layout.Panels[p]);
        }

        _memory = new AlignedMemory((nuint)at);
        WriteHead(requantizer, _memory.Pointer);
        at = TableBytes(panels.Length);
        for (int p = 0; p < panels.Length; p++)
        {
            Write(panels[p], layout.Panels[p], requantizer, _memory.Pointer + at, Panel(p));
            at += SectionBytes(panels[p]) + StoreTableBytes(layout.Panels[p]);
        }
    }

    /// <summary>The layout that the weights are packed for.</summary>
    public PixelLayout Layout { get; }

    /// <inheritdoc/>
    public override long Size => (long)_memory.Bytes;

    /// <summary>The scalars of the epilogue.</summary>
    public EpilogueScalars* Epilogue => (EpilogueScalars*)_memory.Pointer;

    /// <summary>A panel.</summary>
    /// <param name="index">Index of the panel in the layout.</param>
    /// <returns>The panel. Valid while this object is alive.</returns>
    public PixelBlock* Panel(int index) => (PixelBlock*)(_memory.Pointer + _headBytes) + index;

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
    public static PackedPixelLanes Pack(PixelLayout layout, MachineCode code, QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(weight);
        Check(layout.Spec, weight);
        Requantizer requantizer = Requantizer.Create(layout.Spec, weight.Quantization, bias, input, output, epilogue);
        var centered = new CenteredWeights(layout.Spec, weight);
        code = Usable(code, centered, requantizer);
        WeightForm form = ByteForm(centered, code) ?? WeightForm.Words;
        PixelWeights[] panels = Arrange(layout, centered, ZeroPoint(form, input), form);
        if (TooManyResiduals(panels, form))
        {
            form = WeightForm.Words;
            panels = Arrange(layout, centered, input.ZeroPoint, form);
        }

        return new PackedPixelLanes(layout, panels, form, code, requantizer, input, output);
    }

    private static PixelWeights[] Arrange(PixelLayout layout, CenteredWeights weight, int zeroPoint, WeightForm form)
    {
        var panels = new PixelWeights[layout.Panels.Length];
        for (int p = 0; p < panels.Length; p++)
        {
            panels[p] = PixelWeights.Of(layout, layout.Panels[p], weight, zeroPoint, form);
        }

        return panels;
    }

    private static bool TooManyResiduals(PixelWeights[] panels, WeightForm form)
    {
        long dots = 0;
        long residuals = 0;
        foreach (PixelWeights panel in panels)
        {
            dots += panel.Bytes.Length / 4;
            foreach (List<PixelResidual> list in panel.Residuals)
            {
                residuals += list.Count;
            }
        }

        return residuals > dots * ResidualLimit(form);
    }

    private nint TableBytes(int panels) => _headBytes + AlignedMemory.Align(panels * sizeof(PixelBlock));

    private nint StoreTableBytes(PixelPanel panel) =>
        AlignedMemory.Align(UsesMachineCode ? panel.Stores(Spec.OutChannels).Bytes : Interleave.TableBytes(panel.Accumulators));

    private nint SectionBytes(PixelWeights panel)
    {
        int accumulators = panel.Start.Length;
        nint residuals = 0;
        foreach (List<PixelResidual> list in panel.Residuals)
        {
            residuals += list.Count * sizeof(PixelResidual);
        }

        return AlignedMemory.Align(panel.Bytes.Length) + (3 + _channels.Length) * AlignedMemory.Align(accumulators * sizeof(int)) + AlignedMemory.Align((accumulators + 1) * sizeof(void*)) + AlignedMemory.Align(residuals);
    }

    private void Write(PixelWeights panel, PixelPanel shape, Requantizer requantizer, byte* at, PixelBlock* target)
    {
        int accumulators = panel.Start.Length;
        target->Weights = at;
        panel.Bytes.CopyTo(new Span<byte>(at, panel.Bytes.Length));
        at += AlignedMemory.Align(panel.Bytes.Length);

        nint constants = AlignedMemory.Align(accumulators * sizeof(int));
        target->Start = (int*)at;
        target->Bias = (float*)(at + constants);
        target->Multiplier = (float*)(at + 2 * constants);
        target->Channels = (float*)(at + 3 * constants);
        for (int i = 0; i < accumulators; i++)
        {
            int channel = shape.FirstChannel + i % shape.Channels;
            target->Start[i] = panel.Start[i];
            target->Bias[i] = requantizer.Bias[channel];
            target->Multiplier[i] = requantizer.Multiplier[channel];
            for (int k = 0; k < _channels.Length; k++)
            {
                target->Channels[k * (constants / sizeof(float)) + i] = _channels[k][channel];
            }
        }

        at += (3 + _channels.Length) * constants;
        target->Residuals = (PixelResidual**)at;
        at += AlignedMemory.Align((accumulators + 1) * sizeof(void*));
        var residual = (PixelResidual*)at;
        for (int i = 0; i < accumulators; i++)
        {
            target->Residuals[i] = residual;
            foreach (PixelResidual item in panel.Residuals[i])
            {
                *residual++ = item;
            }
        }

        target->Residuals[accumulators] = residual;
        at += AlignedMemory.Align((nint)((byte*)residual - at));
        target->Permutation = at;
        if (UsesMachineCode)
        {
            PixelStoreTable.Write(shape.Stores(Spec.OutChannels), at);
        }
        else
        {
            Interleave.WriteTable(accumulators, at);
        }
    }
}
