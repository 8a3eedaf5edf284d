using System;
using System.Collections.Generic;
using System.IO;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Tests.Models;

/// <summary>The part of a class annotated with <c>[QuantizedSequential(typeof(First), typeof(Second))]</c> that the generator emits, by hand.</summary>
internal sealed partial class TwoLayers : AnnotatedModel
{
    public TwoLayers(SafetensorsFile weights)
        : base(Sequential.Of(Layers, weights))
    {
    }

    public TwoLayers(IReadOnlyList<LayerWeights> weights)
        : base(Sequential.Of(Layers, weights))
    {
    }

    public static IReadOnlyList<LayerFactory> Layers { get; } =
    [
        LayerFactory.For<First>("First"),
        LayerFactory.For<Second>("Second"),
    ];

    public static QuantizedModel Load(string path) => QuantizedModel.Load(path, [.. Layers]);
}

/// <summary>Weights and codes for it, the same every time.</summary>
internal static class TwoLayersData
{
    public static QuantizationParameters[] Activations { get; } = [new(0.02f, 120), new(0.05f, 30), new(0.1f, 128)];

    public static QuantizedLayerWeights[] QuantizedWeights()
    {
        var random = new Random(1);
        WeightQuantization first = WeightQuantization.PerChannel([0.01f, 0.02f, 0.03f, 0.004f, 0.05f], [0, 1, -2, 3, 0]);
        var second = new WeightQuantization(new QuantizationParameters(0.03f, 2));
        return
        [
            new(new QuantizedWeight(First.Spec.WeightShape, Codes(random, First.Spec.WeightShape.Count), first), [0.5f, -0.25f, 0, 1, 2]),
            new(new QuantizedWeight(Second.Spec.WeightShape, Codes(random, Second.Spec.WeightShape.Count), second)),
        ];
    }

    public static QuantizedModel Sequence() => Sequential.Of(TwoLayers.Layers, QuantizedWeights(), Activations);

    public static LayerWeights[] FloatWeights()
    {
        var random = new Random(2);
        return
        [
            new(new FloatWeight(First.Spec.WeightShape, Floats(random, First.Spec.WeightShape.Count)), [0.5f, -0.25f, 0, 1, 2]),
            new(new FloatWeight(Second.Spec.WeightShape, Floats(random, Second.Spec.WeightShape.Count))),
        ];
    }

    public static byte[] Input(Shape4 shape)
    {
        var codes = new byte[shape.Count];
        new Random(3).NextBytes(codes);
        return codes;
    }

    public static FloatTensor Batch(Shape4 shape, int seed) => new(shape, Floats(new Random(seed), shape.Count));

    public static SafetensorsFile Parse(SafetensorsWriter writer)
    {
        using var stream = new MemoryStream();
        writer.WriteTo(stream);
        return SafetensorsFile.Parse(stream.ToArray());
    }

    private static sbyte[] Codes(Random random, int count)
    {
        var codes = new sbyte[count];
        for (int i = 0; i < count; i++)
        {
            codes[i] = (sbyte)random.Next(-128, 128);
        }

        return codes;
    }

    private static float[] Floats(Random random, int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = random.NextSingle() - 0.5f;
        }

        return values;
    }
}
