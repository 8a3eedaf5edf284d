using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Kernels.Accuracy;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Models.Rounding;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Models;

public class LearnedRoundingTests
{
    [Fact]
    public void Patches_have_what_each_output_multiplies()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            ConvolutionSpec spec = ConvolutionCase.FromSeed(seed).Spec with { Activation = Activation.None, HasBias = false, InputHeight = 0, InputWidth = 0 };
            Shape4 from = ConvolutionCase.FromSeed(seed).Input.Shape with { N = 1 };
            var random = new Random(seed);
            float[] weights = WholeNumbers(random, spec.WeightShape.Count);
            float[] image = WholeNumbers(random, from.Count);
            Shape4 to = spec.OutputShape(from);
            var output = new float[to.Count];
            new FloatConvolution(spec, new FloatWeight(spec.WeightShape, weights), []).Run(image, 1, from.H, from.W, output);

            // Whole numbers, which no order of additions rounds: the outputs of all phases, in any order.
            Assert.Equal(output.Where(static value => value != 0).Order(), Outputs(spec, weights, image, from, to).Where(static value => value != 0).Order());
            Assert.Equal(weights.Length, PatchReader.Of(spec).Sum(static reader => reader.Length * reader.Outputs));
        }
    }

    [Fact]
    public void Weights_rounded_together_disturb_the_output_less_than_weights_rounded_one_by_one()
    {
        foreach (FloatModel model in (FloatModel[])[Conv(), Transposed(), Depthwise(), Linear()])
        {
            FloatTensor[] inputs = [.. Enumerable.Range(0, 8).Select(Smooth)];
            FloatTensor[] others = [.. Enumerable.Range(100, 4).Select(Smooth)];
            model.Prepare(QConfig.FullRange);
            model.Calibrate(inputs.Concat(others));
            QuantizedModel nearest = model.Convert();
            QuantizedModel learned = model.Convert(inputs);

            double before = WeightNoise(model, nearest, others);
            double after = WeightNoise(model, learned, others);

            Assert.True(after < 0.6 * before, $"{model.LayerNames[0]}: {before} became {after}.");
            Assert.Equal(Scales(nearest), Scales(learned));
        }
    }

    [Fact]
    public void The_bias_takes_what_is_left_on_average()
    {
        FloatModel model = Conv();
        FloatTensor[] inputs = [.. Enumerable.Range(0, 8).Select(Smooth)];
        model.Prepare(QConfig.FullRange);
        model.Calibrate(inputs);

        Assert.True(MeanError(model, model.Convert(inputs), inputs) < 0.3 * MeanError(model, model.Convert(), inputs));
    }

    [Fact]
    public void Rounding_is_the_same_each_time_and_tells_how_far_it_is()
    {
        FloatModel model = Conv();
        FloatTensor[] inputs = [Smooth(1), Smooth(2)];
        model.Prepare(QConfig.FullRange);
        model.Calibrate(inputs);
        var heard = new List<int>();

        QuantizedModel first = model.Convert(inputs, new Heard(heard));

        Assert.Equal(first.Layers[0].Weights!.Weight.Data.ToArray(), model.Convert(inputs).Layers[0].Weights!.Weight.Data.ToArray());
        Assert.Equal([1], heard);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => model.Convert(inputs, cancellationToken: cancelled.Token));
        Assert.Throws<ArgumentException>(() => model.Convert([]));
    }

    [Fact]
    public void Values_that_never_differ_from_0_do_no_harm()
    {
        FloatModel model = Conv();
        FloatTensor[] inputs = [new FloatTensor(new Shape4(1, 4, 16, 16)), Smooth(1)];
        inputs[1].Data.Clear();
        inputs[1].Data[0] = 1;
        model.Prepare(QConfig.FullRange);
        model.Calibrate(inputs);

        Assert.All(model.Convert(inputs).Forward(inputs[1]).Data.ToArray(), static value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void A_study_shows_what_each_step_gains()
    {
        QuantizationStudy study = QuantizationStudy.Measure(Conv(), [Smooth(1), Smooth(2), Smooth(3)], [Smooth(4)]);

        Assert.Equal(4, study.Steps.Count);
        Assert.All(study.Steps, static step => Assert.InRange(step.Sqnr, 20, 80));
        Assert.Equal(5, study.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        // A row a layer, and in the last one what the output has after each step.
        string[] rows = study.ToLayerTable().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(study.Steps[0].Layers.Count + 1, rows.Length);
        Assert.Equal(
            study.Steps.Select(static step => step.Sqnr.ToString("F1", CultureInfo.InvariantCulture)),
            rows[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[^4..]);
    }

    private static IEnumerable<float> Outputs(ConvolutionSpec spec, float[] weights, float[] image, Shape4 from, Shape4 to)
    {
        foreach (PatchReader reader in PatchReader.Of(spec))
        {
            var patch = new float[reader.Length];
            var places = new int[reader.Length];
            for (int pixel = 0; pixel < reader.Pixels(to); pixel++)
            {
                reader.Read(image, from, to, pixel, patch);
                for (int output = reader.FirstOutput; output < reader.FirstOutput + reader.Outputs; output++)
                {
                    reader.Places(output, places);
                    yield return patch.Zip(places, (value, place) => value * weights[place]).Sum();
                }
            }
        }
    }

    private static float[] WholeNumbers(Random random, int count)
    {
        var values = new float[count];
        foreach (ref float value in values.AsSpan())
        {
            value = random.Next(-8, 9);
        }

        return values;
    }

    private static FloatModel Conv() => Model("conv", Modules.Conv2d(Weights(new Shape4(8, 4, 3, 3), 8), padding: 1));

    private static FloatModel Transposed() => Model("transposed", Modules.ConvTranspose2d(Weights(new Shape4(4, 6, 4, 4), 6), stride: 2, padding: 1));

    private static FloatModel Depthwise() => Model("depthwise", Modules.Conv2d(Weights(new Shape4(4, 1, 5, 5), 4), padding: 2, groups: 4));

    private static FloatModel Linear() => Model("linear", Modules.Linear(Weights(new Shape4(16, 4, 1, 1), 16)));

    private static FloatModel Model(string name, Module layer)
    {
        var builder = new ModelBuilder(4);
        return builder.Build(builder.Add(name, layer, builder.Input));
    }

    private static LayerWeights Weights(Shape4 shape, int biases)
    {
        var random = new Random(5);
        return new LayerWeights(
            new FloatWeight(shape, [.. Enumerable.Range(0, shape.Count).Select(_ => random.NextSingle() - 0.5f)]), [.. Enumerable.Range(0, biases).Select(_ => random.NextSingle())]);
    }

    // As in pictures, neighbours and channels are alike, and nothing is below 0.
    private static FloatTensor Smooth(int seed)
    {
        var random = new Random(seed);
        (double x, double y, double phase) = (random.NextDouble() * 0.5, random.NextDouble() * 0.5, random.NextDouble() * 6);
        var tensor = new FloatTensor(new Shape4(1, 4, 16, 16));
        for (int i = 0; i < tensor.Data.Length; i++)
        {
            (int row, int column, int channel) = (i / 64, i / 4 % 16, i % 4);
            tensor.Data[i] = (float)(1.2 + Math.Sin(row * y + column * x + phase + channel * 0.2) + 0.1 * random.NextDouble());
        }

        return tensor;
    }

    // The output of the rounded weights in float, against that of the weights.
    private static double WeightNoise(FloatModel model, QuantizedModel converted, FloatTensor[] inputs) => Errors(model, converted, inputs).Sum(static error => error * error);

    private static double MeanError(FloatModel model, QuantizedModel converted, FloatTensor[] inputs) =>
        Errors(model, converted, inputs).Select(static (error, i) => (error, i)).GroupBy(static pair => pair.i % 8).Sum(static channel => Math.Abs(channel.Average(static pair => pair.error)));

    private static IEnumerable<double> Errors(FloatModel model, QuantizedModel converted, FloatTensor[] inputs)
    {
        var layer = (Kernels.Models.Nodes.WeightedModule)model.Nodes[0].Layer;
        QuantizedLayerWeights rounded = converted.Layers[0].Weights!;
        var builder = new ModelBuilder(4);
        var weights = new LayerWeights(WeightQuantizer.Dequantize(rounded.Weight, layer.Spec), rounded.Bias.ToArray());
        FloatModel other = builder.Build(builder.Add("layer", Modules.Convolution(layer.Spec, weights), builder.Input));
        foreach (FloatTensor input in inputs)
        {
            float[] expected = model.Forward(input).Data.ToArray();
            float[] actual = other.Forward(input).Data.ToArray();
            foreach ((float a, float b) in expected.Zip(actual))
            {
                yield return b - a;
            }
        }
    }

    private static float[] Scales(QuantizedModel model)
    {
        WeightQuantization quantization = model.Layers[0].Weights!.Weight.Quantization;
        return [.. Enumerable.Range(0, quantization.Count).Select(i => quantization[i].Scale)];
    }

    private sealed class Heard(List<int> heard) : IProgress<int>
    {
        public void Report(int value) => heard.Add(value);
    }
}
