using System;
using System.Linq;
using Kernels.Models;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Models;

public class ProfileTests
{
    [Fact]
    public void A_profile_has_every_layer_once_in_its_order()
    {
        QuantizedModel model = QuantizedModelTests.Converted(SkipNet.Build().Fuse(), QConfig.FullRange);

        StepTime[] steps = [.. model.Profile(SkipNet.Batch(1), runs: 3)];

        Assert.Equal(model.Layers.Select(static layer => layer.Name), steps.Select(static step => step.Name).Where(static name => name.Length > 0));
        Assert.All(steps, static step => Assert.True(step.Time >= TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Profile(SkipNet.Batch(1), runs: 0));
    }
}
