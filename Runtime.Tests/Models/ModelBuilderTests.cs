using System;
using Kernels.Layers;
using Kernels.Models;
using Xunit;

namespace Kernels.Tests.Models;

public class ModelBuilderTests
{
    private readonly ModelBuilder _builder = new(inChannels: 3);

    [Fact]
    public void A_name_belongs_to_one_layer()
    {
        _builder.Add("a", Modules.ReLU(), _builder.Input);

        Assert.Contains("a name of its own", Refusal(() => _builder.Add("a", Modules.ReLU(), _builder.Input)), StringComparison.Ordinal);
        Assert.Contains("already a layer input", Refusal(() => _builder.Add("input", Modules.ReLU(), _builder.Input)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_gets_as_many_inputs_as_it_reads()
    {
        Assert.Contains("reads 2 inputs, but got 1", Refusal(() => _builder.Add("a", Modules.Add(), _builder.Input)), StringComparison.Ordinal);
        Assert.Contains("at least one", Refusal(() => _builder.Add("c", Modules.Cat())), StringComparison.Ordinal);
        Assert.Contains("reads 1 inputs, but got 2", Refusal(() => _builder.Add("r", Modules.ReLU(), _builder.Input, _builder.Input)), StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_are_checked_where_the_layer_is_added()
    {
        Value four = _builder.Add("conv", Modules.Conv2d(SkipNet.Conv1), _builder.Input);

        Assert.Equal(4, four.Channels);
        Assert.Contains("reads 4 channels, but its input has 3", Refusal(() => _builder.Add("conv2", Modules.Conv2d(SkipNet.Conv2), _builder.Input)), StringComparison.Ordinal);
        Assert.Contains("have 3 and 4", Refusal(() => _builder.Add("add", Modules.Add(), _builder.Input, four)), StringComparison.Ordinal);
        Assert.Contains("axis 2 only", Refusal(() => _builder.Add("cat", Modules.Cat(axis: 2), _builder.Input, four)), StringComparison.Ordinal);
        Assert.Contains("4 channels, but its input has 3", Refusal(() => _builder.Add("bn", Modules.BatchNorm2d(new BatchNormParameters(new float[4], new float[4])), _builder.Input)), StringComparison.Ordinal);
        Assert.Equal(7, _builder.Add("cat1", Modules.Cat(), _builder.Input, four).Channels);
    }

    [Fact]
    public void A_linear_behind_a_flatten_takes_what_the_image_gives()
    {
        Value flat = _builder.Add("flat", Modules.Flatten(), _builder.Input);
        FloatModel model = _builder.Build(_builder.Add("fc", Modules.Linear(SkipNet.Weights(1, new Shape4(5, 12, 1, 1), 5)), flat));

        Assert.Equal(0, flat.Channels);
        Assert.Equal(new Shape4(2, 5, 1, 1), model.OutputShape(new Shape4(2, 3, 2, 2)));
        Assert.Contains("The layer fc", Refusal(() => model.OutputShape(new Shape4(2, 3, 3, 3))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_of_another_builder_is_refused()
    {
        Value other = new ModelBuilder(inChannels: 3).Input;

        Assert.Contains("another builder", Refusal(() => _builder.Add("a", Modules.ReLU(), other)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_that_the_output_does_not_need_is_refused()
    {
        Value a = _builder.Add("a", Modules.ReLU(), _builder.Input);
        _builder.Add("b", Modules.ReLU(), _builder.Input);

        Assert.Contains("The layer b is not used", Refusal(() => _builder.Build(a)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_computes_something()
    {
        Assert.Contains("made by one of its layers", Refusal(() => _builder.Build(_builder.Input)), StringComparison.Ordinal);
        Assert.Contains("computes something", Refusal(() => _builder.Build(_builder.Add("q", Modules.QuantStub(), _builder.Input))), StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_that_make_no_layer_are_refused_at_once()
    {
        Assert.Throws<ArgumentException>(() => Modules.Conv2d(SkipNet.Conv1, stride: 0));
        Assert.Throws<ArgumentException>(() => Modules.ConvTranspose2d(SkipNet.ConvT, stride: 2, outputPadding: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Modules.Conv2d(SkipNet.Conv1, groups: 0));
        Assert.Throws<ArgumentException>(() => Modules.Linear(SkipNet.Conv1));
        Assert.Throws<ArgumentException>(() => Modules.MaxPool2d(new PoolingSpec(2, padding: 2)));
    }

    private static string Refusal(Func<object> action) => Assert.ThrowsAny<ArgumentException>(action).Message;
}
