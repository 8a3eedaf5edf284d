using System;
using System.IO;
using Kernels.Models;
using Xunit;

namespace Kernels.Tests.Models;

public class SequentialWeightsTests
{
    [Fact]
    public void Numbers_of_PyTorchs_Sequential_give_the_order_and_may_have_gaps()
    {
        LayerWeights[] expected = TwoLayersData.FloatWeights();

        var model = new TwoLayers(File("2", "10"));

        LayerWeights[] weights = [.. model.Graph.Weights.Values];
        Assert.Equal(2, weights.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Weight.Data.ToArray(), weights[i].Weight.Data.ToArray());
            Assert.Equal(expected[i].Bias.ToArray(), weights[i].Bias.ToArray());
        }
    }

    [Fact]
    public void Weights_in_the_wrong_order_are_refused_with_both_shapes()
    {
        var exception = Assert.Throws<InvalidDataException>(() => new TwoLayers(File("3", "1")));

        Assert.Contains("The layer First needs weights of shape [5, 2, 3, 3], but got [5, 3, 4, 4].", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_layer_is_refused()
    {
        var writer = new SafetensorsWriter();
        writer.Add("0.weight", [5, 2, 3, 3], new float[90]);

        var exception = Assert.Throws<InvalidDataException>(() => new TwoLayers(TwoLayersData.Parse(writer)));

        Assert.Equal("The sequence has 2 layers, but the file has weights for 1.", exception.Message);
    }

    [Theory]
    [InlineData("conv.weight")]
    [InlineData("0.running_mean")]
    [InlineData("-1.weight")]
    public void A_tensor_that_is_no_layers_is_refused(string name)
    {
        var writer = new SafetensorsWriter();
        writer.Add(name, [1], new float[1]);

        var exception = Assert.Throws<InvalidDataException>(() => new TwoLayers(TwoLayersData.Parse(writer)));

        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bias_too_many_and_a_bias_too_few_are_refused()
    {
        LayerWeights[] weights = TwoLayersData.FloatWeights();

        var missing = Assert.Throws<ArgumentException>(() => new TwoLayers([new(weights[0].Weight), weights[1]]));
        var extra = Assert.Throws<ArgumentException>(() => new TwoLayers([weights[0], new(weights[1].Weight, new float[3])]));

        Assert.Contains("The layer First needs 5 bias values, but got 0.", missing.Message, StringComparison.Ordinal);
        Assert.Contains("The layer Second needs 0 bias values, but got 3.", extra.Message, StringComparison.Ordinal);
    }

    private static SafetensorsFile File(string first, string second)
    {
        LayerWeights[] weights = TwoLayersData.FloatWeights();
        var writer = new SafetensorsWriter();
        writer.Add(first + ".weight", [5, 2, 3, 3], weights[0].Weight.Data);
        writer.Add(first + ".bias", [5], weights[0].Bias);
        writer.Add(second + ".weight", [5, 3, 4, 4], weights[1].Weight.Data);
        return TwoLayersData.Parse(writer);
    }
}
