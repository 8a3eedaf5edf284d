using Kernels.Quantization;
using Kernels.Training.Nodes;
using Xunit;

namespace Kernels.Tests.Training;

public class ValueRoundingTests
{
    [Fact]
    public void Values_of_one_scale_keep_the_parameters_that_they_were_rounded_with()
    {
        var shared = new FakeQuantize(new MovingAverageMinMaxObserver(0.5f));
        var first = new ValueRounding(shared);
        var second = new ValueRounding(shared);
        var output = new float[2];
        first.Forward([0, 10], output);
        second.Forward([0, 1], output);

        Assert.Equal(10f / 255, first.Parameters.Scale, 1e-6f);
        Assert.Equal(5.5f / 255, second.Parameters.Scale, 1e-6f);

        // 10 lay inside the range when it was rounded, so its gradient passes.
        var gradient = new float[2];
        first.Backward([0, 10], [1, 1], gradient);
        Assert.Equal([1, 1], gradient);
        second.Backward([0, 10], [1, 1], gradient);
        Assert.Equal([1, 0], gradient);
    }

    [Fact]
    public void A_value_that_was_not_rounded_passes_its_gradient_as_it_is()
    {
        var fakeQuantize = new FakeQuantize(new MinMaxObserver()) { FakeQuantEnabled = false };
        var rounding = new ValueRounding(fakeQuantize);
        var output = new float[1];
        rounding.Forward([0.3f], output);
        Assert.Equal([0.3f], output);

        // Switched on only after the pass.
        fakeQuantize.FakeQuantEnabled = true;
        rounding.Backward([9], [2], output);
        Assert.False(rounding.IsRounded);
        Assert.Equal([2], output);
    }
}
