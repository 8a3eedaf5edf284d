using System;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;
using Kernels.Tests.Models;
using Kernels.Training;
using Xunit;

namespace Kernels.Tests.Trust;

/// <summary>Arguments that make no sense are refused where they are given, by an exception that says which.</summary>
public class MisuseTests
{
    private static readonly QuantizationParameters Q = new(0.5f, 3);

    private static readonly Shape4 Shape = new(2, 3, 4, 5);

    [Theory]
    [InlineData(0, 3, 0, 0)]
    [InlineData(0, 0, 0, 5)]
    [InlineData(0, 0, 4, 0)]
    [InlineData(2, 0, 0, 0)]
    [InlineData(0, -1, 0, 1)]
    public void An_index_outside_its_dimension_is_no_other_element(int n, int c, int h, int w)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FloatTensor(Shape)[n, c, h, w]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuantizedTensor(Shape, Q)[n, c, h, w]);
    }

    [Fact]
    public void Inputs_of_an_addition_overlap_the_output_whole_or_not_at_all()
    {
        var memory = new byte[100];
        var add = new QuantizedAdd(Q, Q, Q);
        var shape = new Shape4(1, 1, 1, 40);

        add.Run(memory.AsSpan(0, 40), shape, memory.AsSpan(40, 40), shape, memory.AsSpan(0, 40));
        add.Run(memory.AsSpan(0, 40), shape, memory.AsSpan(40, 40), shape, memory.AsSpan(40, 40));
        Assert.Throws<ArgumentException>(() => add.Run(memory.AsSpan(0, 40), shape, memory.AsSpan(50, 40), shape, memory.AsSpan(1, 40)));
        Assert.Throws<ArgumentException>(() => add.Run(memory.AsSpan(0, 40), shape, memory.AsSpan(41, 40), shape, memory.AsSpan(60, 40)));
        Assert.Throws<ArgumentException>(() => add.Run(memory.AsSpan(0, 40), shape, memory.AsSpan(40, 1), new Shape4(1, 1, 1, 1), memory.AsSpan(40, 40)));
    }

    [Fact]
    public void Null_in_a_list_is_named()
    {
        Assert.Throws<ArgumentNullException>(() => Sequential.Of([null!], [(QuantizedLayerWeights)null!], [Q, Q]));
        Assert.Throws<ArgumentNullException>(() => Sequential.Of(TwoLayers.Layers, [(QuantizedLayerWeights)null!, null!], TwoLayersData.Activations));
        Assert.Throws<ArgumentNullException>(() => new TwoLayers([null!, null!]));
        Assert.Throws<ArgumentNullException>(() => new FloatCat(1).Forward(null!, null!));
        Assert.Throws<ArgumentNullException>(() => new QuantizedCat(1, [Q], Q).Forward((QuantizedTensor)null!));
    }

    [Fact]
    public void Factories_that_make_nothing_are_named()
    {
        Assert.Throws<ArgumentNullException>(() => new QConfig(null!, static () => new MinMaxObserver()));
        Assert.Throws<ArgumentNullException>(() => QConfig.X86 with { Weight = null! });
        FloatModel model = SkipNet.Build();
        Assert.Contains("returned null", Assert.Throws<ArgumentException>(() => model.Prepare(QConfig.X86 with { Activation = static () => null! })).Message, StringComparison.Ordinal);
        model.Prepare(QConfig.X86 with { Weight = static () => null! });
        model.Calibrate(SkipNet.Batch(1));
        Assert.Contains("returned null", Assert.Throws<InvalidOperationException>(() => model.Convert()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Numbers_that_are_not_finite_are_refused(float value)
    {
        Assert.Throws<ArgumentException>(() => new FloatLeakyRelu(value));
        Assert.Throws<ArgumentException>(() => new QuantizedLeakyRelu(Q, Q, value));
        Assert.Throws<ArgumentException>(() => Modules.LeakyReLU(value));
        Assert.Throws<ArgumentException>(() => new BatchNormParameters([value], [1f]));
        Assert.Throws<ArgumentException>(() => new BatchNormParameters([0f], [1f], [value]));
        Assert.Throws<ArgumentException>(() => new BatchNormParameters([0f], [1f], [1f], [value]));
        Assert.Throws<ArgumentException>(() => new BatchNormParameters([0f], [1f], epsilon: value));
        var output = new FloatTensor(new Shape4(1, 1, 1, 2));
        var label = new FloatTensor(output.Shape, [0f, value]);
        Assert.Throws<ArgumentException>(() => Loss.MeanSquaredError.Compute(output, label, new FloatTensor(output.Shape)));
        Assert.Throws<ArgumentException>(() => Loss.L1.Compute(output, label, new FloatTensor(output.Shape)));
    }

    [Fact]
    public void Tensors_without_elements_can_be_written_and_read()
    {
        var writer = new SafetensorsWriter();
        writer.Add("a", [0], ReadOnlySpan<float>.Empty);
        writer.Add("b", [2, 0, 3], ReadOnlySpan<long>.Empty);
        writer.Add("c", [int.MaxValue, 0], ReadOnlySpan<byte>.Empty);
        writer.Add("d", [1], [1f]);
        using var stream = new System.IO.MemoryStream();
        writer.WriteTo(stream);

        SafetensorsFile file = SafetensorsFile.Parse(stream.ToArray());

        Assert.Equal([0], file["a"].Shape);
        Assert.Equal([int.MaxValue, 0], file["c"].Shape);
        Assert.Equal([1f], file["d"].ToSingles());
    }
}
