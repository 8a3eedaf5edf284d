using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Models;

public class AnnotatedModelTests
{
    private static readonly Shape4 Shape = new(2, 2, 6, 7);

    [Fact]
    public void The_float_model_computes_what_its_layers_compute_by_hand()
    {
        LayerWeights[] weights = TwoLayersData.FloatWeights();
        FloatTensor input = TwoLayersData.Batch(Shape, seed: 1);

        FloatTensor output = new TwoLayers(weights).Forward(input);

        Assert.Equal(Step(weights, 1, Step(weights, 0, input)).Data.ToArray(), output.Data.ToArray());
    }

    [Fact]
    public void Calibration_sees_the_input_and_each_output_after_its_activation()
    {
        LayerWeights[] weights = TwoLayersData.FloatWeights();
        FloatTensor batch = TwoLayersData.Batch(Shape, seed: 1);
        FloatTensor between = Step(weights, 0, batch);
        var model = new TwoLayers(weights);
        model.Prepare();
        model.Calibrate(batch);

        QuantizedModel converted = model.Convert();

        Assert.Equal(MinMax(batch), converted.InputQuantization);
        Assert.Equal(MinMax(between), converted.Layers[0].OutputQuantization);
        Assert.Equal(MinMax(Step(weights, 1, between)), converted.OutputQuantization);
    }

    [Fact]
    public void Weights_are_quantized_as_each_layer_says_and_biases_stay_float()
    {
        LayerWeights[] weights = TwoLayersData.FloatWeights();

        QuantizedModel converted = Calibrated().Convert();

        for (int i = 0; i < weights.Length; i++)
        {
            QuantizedWeight expected = WeightQuantizer.Quantize(weights[i].Weight, TwoLayers.Layers[i].Spec);
            Assert.Equal(expected.Data.ToArray(), converted.Layers[i].Weights!.Weight.Data.ToArray());
            Assert.Equal(weights[i].Bias.ToArray(), converted.Layers[i].Weights!.Bias.ToArray());
        }

        Assert.True(converted.Layers[0].Weights!.Weight.Quantization.IsPerChannel);
        Assert.False(converted.Layers[1].Weights!.Weight.Quantization.IsPerChannel);
    }

    [Fact]
    public void The_int8_model_comes_near_the_float_one()
    {
        var model = Calibrated();
        FloatTensor input = TwoLayersData.Batch(Shape, seed: 1);
        QuantizedModel converted = model.Convert();

        FloatTensor expected = model.Forward(input);
        FloatTensor output = converted.Forward(input);

        // Each of the three activations is off by at most half a step of its own; sums of them by a few.
        float tolerance = 4 * converted.OutputQuantization!.Value.Scale;
        for (int i = 0; i < expected.Data.Length; i++)
        {
            Assert.InRange(output.Data[i], expected.Data[i] - tolerance, expected.Data[i] + tolerance);
        }
    }

    [Fact]
    public void Calibrating_twice_sees_the_range_of_both_batches()
    {
        LayerWeights[] weights = TwoLayersData.FloatWeights();
        FloatTensor first = TwoLayersData.Batch(Shape, seed: 1);
        FloatTensor second = TwoLayersData.Batch(new Shape4(1, 2, 9, 3), seed: 5);
        second.Data[7] = 3;
        var model = new TwoLayers(weights);
        model.Prepare();
        model.Calibrate(first);
        model.Calibrate(second);

        Assert.Equal(MinMax(first, second), model.Convert().InputQuantization);
        Assert.Equal(MinMax(Step(weights, 0, first), Step(weights, 0, second)), model.Convert().Layers[0].OutputQuantization);
    }

    [Fact]
    public void Preparing_again_forgets()
    {
        var model = Calibrated();
        FloatTensor other = TwoLayersData.Batch(Shape, seed: 9);
        model.Prepare();

        Assert.Throws<InvalidOperationException>(() => model.Convert());
        model.Calibrate(other);
        Assert.Equal(MinMax(other), model.Convert().InputQuantization);
    }

    [Fact]
    public void A_converted_model_does_not_change_when_calibration_goes_on()
    {
        var model = Calibrated();
        QuantizedModel converted = model.Convert();
        QuantizationParameters? before = converted.InputQuantization;
        FloatTensor wide = TwoLayersData.Batch(Shape, seed: 1);
        wide.Data[0] = 100;
        model.Calibrate(wide);

        Assert.Equal(before, converted.InputQuantization);
        Assert.NotEqual(before, model.Convert().InputQuantization);
    }

    [Fact]
    public void Calibrate_before_Prepare_says_to_call_Prepare()
    {
        var model = new TwoLayers(TwoLayersData.FloatWeights());

        var one = Assert.Throws<InvalidOperationException>(() => model.Calibrate(TwoLayersData.Batch(Shape, seed: 1)));
        var many = Assert.Throws<InvalidOperationException>(() => model.Calibrate([]));

        Assert.Contains("call Prepare first", one.Message, StringComparison.Ordinal);
        Assert.Contains("call Prepare first", many.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_before_Prepare_says_to_call_Prepare()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => new TwoLayers(TwoLayersData.FloatWeights()).Convert());

        Assert.Contains("call Prepare first", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_before_Calibrate_says_to_call_Calibrate()
    {
        var model = new TwoLayers(TwoLayersData.FloatWeights());
        model.Prepare();

        var exception = Assert.Throws<InvalidOperationException>(() => model.Convert());

        Assert.Contains("call Calibrate", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_of_the_wrong_shape_is_not_observed()
    {
        var model = new TwoLayers(TwoLayersData.FloatWeights());
        model.Prepare();

        Assert.Throws<ArgumentException>(() => model.Calibrate(TwoLayersData.Batch(new Shape4(1, 3, 6, 6), seed: 1)));
        Assert.Throws<InvalidOperationException>(() => model.Convert());
    }

    [Fact]
    public void Progress_counts_batches_and_cancellation_stops_between_them()
    {
        using var cancellation = new CancellationTokenSource();
        var counts = new List<int>();
        var model = new TwoLayers(TwoLayersData.FloatWeights());
        model.Prepare();

        Assert.Throws<OperationCanceledException>(() => model.Calibrate(Batches(), new Counts(counts), cancellation.Token));

        Assert.Equal([1, 2], counts);
        Assert.Equal(MinMax(TwoLayersData.Batch(Shape, 0), TwoLayersData.Batch(Shape, 1)), model.Convert().InputQuantization);

        IEnumerable<FloatTensor> Batches()
        {
            for (int i = 0; ; i++)
            {
                if (i == 2)
                {
                    cancellation.Cancel();
                }

                yield return TwoLayersData.Batch(Shape, seed: i);
            }
        }
    }

    [Fact]
    public void A_configuration_says_how_activations_and_weights_are_observed()
    {
        LayerWeights[] weights = TwoLayersData.FloatWeights();
        FloatTensor batch = TwoLayersData.Batch(Shape, seed: 1);
        var model = new TwoLayers(weights);
        var config = new QConfig(static () => new MinMaxObserver(new ObserverSettings { ReduceRange = true }), static () => new PerChannelMinMaxObserver(settings: ObserverSettings.Weight));
        model.Prepare(config);
        model.Calibrate(batch);
        QuantizedModel converted = model.Convert();

        IObserver expected = config.Activation();
        expected.Observe(batch);
        Assert.Equal(expected.CalculateQuantizationParameters(), converted.InputQuantization);
        Assert.All(converted.Layers, layer => Assert.True(layer.Weights!.Weight.Quantization.IsPerChannel));
    }

    [Fact]
    public void A_mapping_gives_each_layer_its_own_configuration()
    {
        FloatTensor batch = TwoLayersData.Batch(Shape, seed: 1);
        var reduced = new QConfig(static () => new MinMaxObserver(new ObserverSettings { ReduceRange = true }), static () => new MinMaxObserver(ObserverSettings.Weight));
        var plain = reduced with { Activation = static () => new MinMaxObserver() };
        var model = new TwoLayers(TwoLayersData.FloatWeights());
        model.Prepare(QConfigMapping.Uniform(plain).SetModuleName("Second", reduced));
        model.Calibrate(batch);
        QuantizedModel converted = model.Convert();
        model.Prepare(plain);
        model.Calibrate(batch);
        QuantizedModel allPlain = model.Convert();

        Assert.Equal(allPlain.InputQuantization, converted.InputQuantization);
        Assert.Equal(allPlain.Layers[0].OutputQuantization, converted.Layers[0].OutputQuantization);
        Assert.InRange(converted.OutputQuantization!.Value.Scale / allPlain.OutputQuantization!.Value.Scale, 1.99f, 2.02f);
    }

    [Fact]
    public void A_layer_that_the_mapping_leaves_in_float_stays_float()
    {
        var model = new TwoLayers(TwoLayersData.FloatWeights());
        model.Prepare(QConfigMapping.Uniform(QConfig.FullRange).SetModuleName("First", null));
        model.Calibrate(TwoLayersData.Batch(Shape, seed: 1));

        Assert.Equal([false, true], model.Convert().Layers.Select(static layer => layer.IsQuantized));
    }

    [Fact]
    public void The_int8_model_has_the_names_of_the_float_one_and_the_kernels_of_its_classes()
    {
        TwoLayers model = Calibrated();
        QuantizedModel converted = model.Convert();

        Assert.Equal(model.Graph.LayerNames, converted.Layers.Select(static layer => layer.Name));
        Assert.IsType<First>(converted.Layers[0].Kernel);
        Assert.IsType<Second>(converted.Layers[1].Kernel);
        Assert.Equal("All 2 int8 layers with weights run generated kernels.", converted.DescribeKernels());
    }

    [Fact]
    public void A_graph_gets_the_kernels_of_its_layers_by_name()
    {
        LayerWeights[] weights = TwoLayersData.FloatWeights();
        LayerFactory[] generic = [LayerFactory.Generic("a", First.Spec), LayerFactory.Generic("b", Second.Spec)];

        var model = new Traced(Sequential.Of(generic, weights), LayerFactory.For<Second>("b"));
        model.Prepare();
        model.Calibrate(TwoLayersData.Batch(Shape, seed: 1));

        Assert.Equal("1 of 2 int8 layers with weights run generic kernels: a.", model.Convert().DescribeKernels());
        Assert.Contains(
            "no convolution c", Assert.Throws<ArgumentException>(() => new Traced(Sequential.Of(generic, weights), LayerFactory.For<Second>("c"))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "but the layer is a Conv2d", Assert.Throws<ArgumentException>(() => new Traced(Sequential.Of(generic, weights), LayerFactory.For<Second>("a"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_observer_of_weights_is_refused_for_activations()
    {
        var model = new TwoLayers(TwoLayersData.FloatWeights());

        var exception = Assert.Throws<ArgumentException>(() => model.Prepare(QConfig.FullRange with { Activation = static () => new MinMaxObserver(ObserverSettings.Weight) }));

        Assert.Contains("quint8", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_float_run_of_a_size_seen_before_allocates_nothing()
    {
        var model = new TwoLayers(TwoLayersData.FloatWeights());
        float[] input = TwoLayersData.Batch(Shape, seed: 1).Data.ToArray();
        var output = new float[model.OutputShape(Shape).Count];
        model.Run(input, Shape.N, Shape.H, Shape.W, output);

        long before = GC.GetAllocatedBytesForCurrentThread();
        model.Run(input, Shape.N, Shape.H, Shape.W, output);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static TwoLayers Calibrated()
    {
        var model = new TwoLayers(TwoLayersData.FloatWeights());
        model.Prepare();
        model.Calibrate(TwoLayersData.Batch(Shape, seed: 1));
        return model;
    }

    private static FloatTensor Step(LayerWeights[] weights, int layer, FloatTensor input) =>
        new FloatConvolution(TwoLayers.Layers[layer].Spec, weights[layer].Weight, weights[layer].Bias).Forward(input);

    private static QuantizationParameters MinMax(params FloatTensor[] tensors)
    {
        var observer = new MinMaxObserver();
        foreach (FloatTensor tensor in tensors)
        {
            observer.Observe(tensor);
        }

        return observer.CalculateQuantizationParameters();
    }

    private sealed class Traced(FloatModel graph, params LayerFactory[] kernels) : AnnotatedModel(graph, kernels);

    private sealed class Counts(List<int> counts) : IProgress<int>
    {
        public void Report(int value) => counts.Add(value);
    }
}
