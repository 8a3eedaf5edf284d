using System;
using System.Collections.Generic;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Fuzz.Files;

/// <summary>Converted sequences, whose layers the program knows.</summary>
internal sealed class SequenceTarget : FileTarget
{
    private static readonly LayerFactory[] Layers =
    [
        LayerFactory.Generic("first", new ConvolutionSpec { Kind = ConvolutionKind.Conv2d, InChannels = 2, OutChannels = 3, KernelHeight = 3, KernelWidth = 2 }),
        LayerFactory.Generic("second", new ConvolutionSpec { Kind = ConvolutionKind.ConvTranspose2d, InChannels = 3, OutChannels = 1, KernelHeight = 2, KernelWidth = 2, StrideHeight = 2, StrideWidth = 2, HasBias = false }),
    ];

    public override string Name => "sequence";

    public override IReadOnlyList<byte[]> Seeds { get; } = [Seed()];

    public override Action? Read(string path)
    {
        QuantizedModel sequence = QuantizedModel.Load(path, Layers);
        return () => sequence.Forward(new QuantizedTensor(new Shape4(1, 2, 5, 5), sequence.InputQuantization!.Value));
    }

    private static byte[] Seed()
    {
        var q = new QuantizationParameters(0.02f, 7);
        var weights = new List<QuantizedLayerWeights>();
        foreach (LayerFactory layer in Layers)
        {
            var codes = new sbyte[layer.Spec.WeightShape.Count];
            new Random(4).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(codes.AsSpan()));
            weights.Add(new QuantizedLayerWeights(
                new QuantizedWeight(layer.Spec.WeightShape, codes, WeightQuantization.PerChannel(Scales(layer.Spec.OutChannels))),
                layer.Spec.HasBias ? new float[layer.Spec.OutChannels] : null));
        }

        return Networks.Written(path => Sequential.Of(Layers, weights, [q, q, q]).Save(path));
    }

    private static float[] Scales(int count)
    {
        var scales = new float[count];
        scales.AsSpan().Fill(0.01f);
        return scales;
    }
}
