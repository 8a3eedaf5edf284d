using System;
using System.Diagnostics;
using System.Linq;
using Kernels.Models;
using Xunit;

namespace Kernels.Onnx.Tests;

/// <summary>PP-OCRv3's text detector: weights in Constant nodes, batch norms apart, open batch, height and width.</summary>
public sealed class DetectorTests
{
    [Fact]
    public void It_loads_within_five_seconds()
    {
        var watch = Stopwatch.StartNew();
        OnnxModel.Load(Files.Detector);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }

    [Theory]
    [InlineData(1, 320, 480)]
    [InlineData(2, 288, 256)]
    public void Its_float_output_is_that_of_ONNX_Runtime(int batch, int height, int width)
    {
        OnnxModel model = OnnxModel.Load(Files.Detector);
        Assert.True(model.IsAnySize);
        float[] input = [.. new[] { "slide", "receipt" }.Take(batch).SelectMany(picture => Pictures.Text(picture, height, width))];
        using var reference = new Reference(Files.Detector);
        float[] expected = reference.Run(input, batch, 3, height, width);
        FloatTensor x = FloatTensor.FromNchw(new Shape4(batch, 3, height, width), input);

        // Text is seen somewhere: an output of zeros would prove nothing.
        Assert.Contains(expected, static value => value > 0.1f);
        foreach (FloatModel network in (FloatModel[])[model.Float, model.Float.Fuse()])
        {
            float[] actual = network.Forward(x).ToNchw();
            Assert.InRange(expected.Zip(actual).Max(static pair => Math.Abs(pair.First - pair.Second)), 0, 1e-4);
        }
    }

    [Fact]
    public void A_bias_behind_a_transposed_convolution_becomes_its_own_so_that_its_batch_norm_folds()
    {
        FloatModel fused = OnnxModel.Load(Files.Detector).Float.Fuse();

        Assert.DoesNotContain(fused.LayerNames, static name => name.Contains("BatchNormalization", StringComparison.Ordinal));
        Assert.DoesNotContain("p2o.Add.74", fused.LayerNames);
    }
}
