using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Fuzz.Files;

/// <summary>Sequences whose layers the program knows: as models, and as files from before they were graphs.</summary>
internal sealed class SequenceTarget : FileTarget
{
    private static readonly LayerFactory[] Layers =
    [
        LayerFactory.Generic("first", new ConvolutionSpec { Kind = ConvolutionKind.Conv2d, InChannels = 2, OutChannels = 3, KernelHeight = 3, KernelWidth = 2 }),
        LayerFactory.Generic("second", new ConvolutionSpec { Kind = ConvolutionKind.ConvTranspose2d, InChannels = 3, OutChannels = 1, KernelHeight = 2, KernelWidth = 2, StrideHeight = 2, StrideWidth = 2, HasBias = false }),
    ];

    public override string Name => "sequence";

    public override IReadOnlyList<byte[]> Seeds { get; } = [Older(), Networks.Written(Model().Save)];

    public override Action? Read(string path)
    {
        QuantizedModel model = QuantizedModel.Load(path, Layers);
        return () => model.Forward(new FloatTensor(new Shape4(1, 2, 5, 5)));
    }

    private static QuantizedModel Model()
    {
        var q = new QuantizationParameters(0.02f, 7);
        var weights = new List<QuantizedLayerWeights>();
        foreach (LayerFactory layer in Layers)
        {
            var codes = new sbyte[layer.Spec.WeightShape.Count];
            new Random(4).NextBytes(MemoryMarshal.AsBytes(codes.AsSpan()));
            var scales = new float[layer.Spec.OutChannels];
            scales.AsSpan().Fill(0.01f);
            weights.Add(new QuantizedLayerWeights(
                new QuantizedWeight(layer.Spec.WeightShape, codes, WeightQuantization.PerChannel(scales)),
                layer.Spec.HasBias ? new float[layer.Spec.OutChannels] : null));
        }

        return Sequential.Of(Layers, weights, [q, q, q]);
    }

    // No version writes them any more.
    private static byte[] Older()
    {
        var writer = new SafetensorsWriter();
        writer.AddMetadata("format", "Kernels.QuantizedSequence");
        writer.AddMetadata("version", "1");
        writer.AddMetadata("layers", "2");
        Add("input");
        for (int i = 0; i < Layers.Length; i++)
        {
            ConvolutionSpec spec = Layers[i].Spec;
            string prefix = i == 0 ? "0" : "1";
            writer.AddMetadata(prefix + ".name", Layers[i].Name);
            writer.AddMetadata(prefix + ".layer", SpecText.Of(spec));
            Add(prefix);
            Shape4 shape = spec.WeightShape;
            writer.Add(prefix + ".weight", [shape.N, shape.C, shape.H, shape.W], new sbyte[shape.Count]);
            writer.Add(prefix + ".weight_scale", [], [0.01f]);
            writer.Add(prefix + ".weight_zero_point", [], [3]);
            if (spec.HasBias)
            {
                writer.Add(prefix + ".bias", [spec.OutChannels], new float[spec.OutChannels]);
            }
        }

        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        return stream.ToArray();

        void Add(string name)
        {
            writer.Add(name + ".scale", [1], [0.02f]);
            writer.Add(name + ".zero_point", [1], [7]);
        }
    }
}
