using System;
using Kernels.Layers;
using Kernels.Models;
using Xunit;

namespace Kernels.Tests.Models;

public class FloatModelTests
{
    [Fact]
    public void A_graph_computes_what_its_layers_compute_by_hand()
    {
        FloatTensor input = SkipNet.Batch(1);

        FloatTensor relu1 = new FloatRelu().Forward(Convolution(SkipNet.Conv1, input));
        FloatTensor up = new FloatUpsample(UpsampleSpec.ByFactor(UpsampleMode.Nearest, 2)).Forward(new FloatMaxPool2d(new PoolingSpec(2)).Forward(relu1));
        FloatTensor crop = new FloatCrop(new CropSpec(1, 1, 1, 1)).Forward(relu1);
        FloatTensor add = new FloatAdd().Forward(crop, Convolution(SkipNet.Conv2, up));
        FloatTensor gate = new FloatSigmoid().Forward(Convolution(SkipNet.Squeeze, new FloatGlobalAvgPool2d().Forward(add)));
        FloatTensor cat = new FloatCat(1).Forward(new FloatMul().Forward(add, gate), crop);
        FloatTensor expected = new FloatConvolution(Transposed, SkipNet.ConvT.Weight, []).Forward(cat);

        FloatTensor output = SkipNet.Build().Forward(input);

        Assert.Equal(expected.Shape, output.Shape);
        Assert.Equal(expected.Data.ToArray(), output.Data.ToArray());
    }

    [Fact]
    public void Sizes_may_alternate_and_memory_of_one_does_not_disturb_another()
    {
        FloatModel model = SkipNet.Build();
        Shape4 small = new(1, 3, 8, 8);
        float[] first = SkipNet.Build().Forward(SkipNet.Batch(1)).Data.ToArray();
        float[] second = SkipNet.Build().Forward(SkipNet.Batch(2, small)).Data.ToArray();

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(first, model.Forward(SkipNet.Batch(1)).Data.ToArray());
            Assert.Equal(second, model.Forward(SkipNet.Batch(2, small)).Data.ToArray());
        }
    }

    [Fact]
    public void Only_the_first_run_of_a_size_allocates()
    {
        FloatModel model = SkipNet.Build();
        FloatTensor input = SkipNet.Batch(1);
        FloatTensor small = SkipNet.Batch(1, new Shape4(1, 3, 8, 8));
        var output = new float[model.OutputShape(input.Shape).Count];
        Run(input);
        Run(small);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(input);
        Run(small);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(FloatTensor x) => model.Run(x.Data, x.Shape.N, x.Shape.H, x.Shape.W, output);
    }

    [Fact]
    public void A_size_that_a_layer_cannot_take_is_refused_with_its_name()
    {
        var exception = Assert.Throws<ArgumentException>(() => SkipNet.Build().OutputShape(new Shape4(1, 3, 11, 10)));

        Assert.Contains("The layer add", exception.Message, StringComparison.Ordinal);
        Assert.Contains("reads 3 channels", Assert.Throws<ArgumentException>(() => SkipNet.Build().OutputShape(new Shape4(1, 4, 12, 10))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Short_spans_are_refused()
    {
        FloatModel model = SkipNet.Build();
        float[] input = SkipNet.Batch(1).Data.ToArray();
        var output = new float[model.OutputShape(SkipNet.Shape).Count];

        Assert.Throws<ArgumentException>(() => model.Run(input.AsSpan(1), 2, 12, 10, output));
        Assert.Throws<ArgumentException>(() => model.Run(input, 2, 12, 10, output.AsSpan(1)));
    }

    [Fact]
    public void Stubs_change_nothing_in_float()
    {
        var builder = new ModelBuilder(3);
        Value quantized = builder.Add("q", Modules.QuantStub(), builder.Input);
        Value conv = builder.Add("conv", Modules.Conv2d(SkipNet.Conv1), quantized);
        FloatModel model = builder.Build(builder.Add("dq", Modules.DeQuantStub(), conv));

        Assert.Equal(Convolution(SkipNet.Conv1, SkipNet.Batch(1)).Data.ToArray(), model.Forward(SkipNet.Batch(1)).Data.ToArray());
        Assert.Equal(["q", "conv", "dq"], model.LayerNames);
    }

    internal static ConvolutionSpec Transposed { get; } = new()
    {
        Kind = ConvolutionKind.ConvTranspose2d,
        InChannels = 8,
        OutChannels = 3,
        KernelHeight = 2,
        KernelWidth = 2,
        StrideHeight = 2,
        StrideWidth = 2,
        HasBias = false,
    };

    internal static ConvolutionSpec Spec(LayerWeights weights) => new()
    {
        Kind = ConvolutionKind.Conv2d,
        InChannels = weights.Weight.Shape.C,
        OutChannels = weights.Weight.Shape.N,
        KernelHeight = weights.Weight.Shape.H,
        KernelWidth = weights.Weight.Shape.W,
        HasBias = !weights.Bias.IsEmpty,
    };

    private static FloatTensor Convolution(LayerWeights weights, FloatTensor input) =>
        new FloatConvolution(Spec(weights), weights.Weight, weights.Bias).Forward(input);
}
