using System;
using System.Collections.Generic;
using System.IO;
using Kernels.Layers;
using Kernels.Models;

namespace Kernels.Fuzz.Files;

/// <summary>Files of sequences from before they were graphs, whose layers the program knows.</summary>
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
        QuantizedModel model = QuantizedModel.Load(path, Layers);
        return () => model.Forward(new FloatTensor(new Shape4(1, 2, 5, 5)));
    }

    // No version writes them any more.
    private static byte[] Seed()
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
