using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Models;

public class QuantizedModelTests
{
    private static readonly QConfig MinMax = new(static () => new MinMaxObserver(), static () => new MinMaxObserver(ObserverSettings.Weight));

    [Fact]
    public void The_int8_graph_computes_what_its_layers_compute_by_hand()
    {
        QuantizedModel model = Converted(SkipNet.Build(), MinMax);
        Dictionary<string, ConvertedLayer> layers = model.Layers.ToDictionary(static layer => layer.Name);
        QuantizedTensor input = Quantizer.Quantize(SkipNet.Batch(1), model.InputQuantization!.Value);

        QuantizedTensor conv1 = Convolution(SkipNet.Conv1, layers["conv1"], input);
        QuantizedTensor relu1 = new QuantizedRelu(conv1.Quantization).Forward(conv1);
        QuantizedTensor pool = new QuantizedMaxPool2d(new PoolingSpec(2), relu1.Quantization).Forward(relu1);
        QuantizedTensor up = new QuantizedUpsample(UpsampleSpec.ByFactor(UpsampleMode.Nearest, 2), pool.Quantization).Forward(pool);
        QuantizedTensor conv2 = Convolution(SkipNet.Conv2, layers["conv2"], up);
        QuantizedTensor crop = new QuantizedCrop(new CropSpec(1, 1, 1, 1), relu1.Quantization).Forward(relu1);
        QuantizedTensor add = new QuantizedAdd(crop.Quantization, conv2.Quantization, Output("add")).Forward(crop, conv2);
        QuantizedTensor mean = new QuantizedGlobalAvgPool2d(add.Quantization).Forward(add);
        QuantizedTensor gate = new QuantizedSigmoid(Output("squeeze"), Output("gate")).Forward(Convolution(SkipNet.Squeeze, layers["squeeze"], mean));
        QuantizedTensor mul = new QuantizedMul(add.Quantization, gate.Quantization, Output("mul")).Forward(add, gate);
        QuantizedTensor cat = new QuantizedCat(1, [mul.Quantization, crop.Quantization], Output("cat")).Forward(mul, crop);
        QuantizedTensor expected = new GenericConvolution(FloatModelTests.Transposed, layers["convt"].Weights!.Weight, [], cat.Quantization, Output("convt")).Forward(cat);

        Assert.Equal(expected.Data.ToArray(), model.Forward(input).Data.ToArray());
        Assert.Equal(Quantizer.Dequantize(expected).Data.ToArray(), model.Forward(SkipNet.Batch(1)).Data.ToArray());

        QuantizationParameters Output(string name) => layers[name].OutputQuantization!.Value;
    }

    [Fact]
    public void Int8_comes_near_float()
    {
        FloatModel model = SkipNet.Build().Fuse();
        QuantizedModel converted = Converted(model, QConfig.FullRange);

        float[] expected = model.Forward(SkipNet.Batch(1)).Data.ToArray();
        float[] actual = converted.Forward(SkipNet.Batch(1)).Data.ToArray();

        double noise = expected.Zip(actual, static (a, b) => (double)(a - b) * (a - b)).Sum();
        double signal = expected.Sum(static a => (double)a * a);
        Assert.InRange(10 * Math.Log10(signal / noise), 25, 80);
    }

    [Fact]
    public void Only_the_first_run_of_a_size_allocates()
    {
        QuantizedModel model = Converted(SkipNet.Build(), MinMax, keep: "add");
        FloatTensor input = SkipNet.Batch(1);
        FloatTensor small = SkipNet.Batch(1, new Shape4(1, 3, 8, 8));
        var output = new float[model.OutputShape(input.Shape).Count];
        var codes = new byte[input.Shape.Count];
        var outputCodes = new byte[output.Length];
        Run();

        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            model.Run(input.Data, input.Shape.N, input.Shape.H, input.Shape.W, output);
            model.Run(small.Data, small.Shape.N, small.Shape.H, small.Shape.W, output);
            model.Run(codes, input.Shape.N, input.Shape.H, input.Shape.W, outputCodes);
        }
    }

    [Fact]
    public void Layers_that_only_move_values_share_one_observer_with_their_input()
    {
        QuantizedModel model = Converted(SkipNet.Build(), MinMax);

        QuantizationParameters[] shared = [.. model.Layers.Where(static layer => layer.Name is "conv1" or "relu1" or "pool" or "up" or "crop" or "mul" or "cat").Select(static layer => layer.OutputQuantization!.Value)];
        Assert.Equal(7, shared.Length);
        Assert.Single(shared.Distinct());
        Assert.Equal(QuantizedSigmoid.FixedOutput, model.Layers.Single(static layer => layer.Name == "gate").OutputQuantization);
    }

    [Fact]
    public void A_cat_shares_one_scale_with_its_inputs_but_for_fixed_ones_or_keeps_all_apart()
    {
        QuantizedModel shared = Model(sharesQuantization: true);
        Assert.Equal(shared.OutputQuantization, shared.InputQuantization);
        Assert.Equal(QuantizedSigmoid.FixedOutput, shared.Layers[1].OutputQuantization);

        QuantizedModel apart = Model(sharesQuantization: false);
        Assert.NotEqual(apart.OutputQuantization, apart.InputQuantization);
        Assert.Equal(QuantizedSigmoid.FixedOutput, apart.Layers[1].OutputQuantization);

        static QuantizedModel Model(bool sharesQuantization)
        {
            var builder = new ModelBuilder(3);
            Value conv = builder.Add("conv", Modules.Conv2d(SkipNet.Conv1, padding: 1), builder.Input);
            Value gate = builder.Add("gate", Modules.Sigmoid(), conv);
            return Converted(builder.Build(builder.Add("cat", Modules.Cat(1, sharesQuantization), gate, builder.Input)), MinMax);
        }
    }

    [Fact]
    public void A_layer_without_configuration_stays_float_between_int8_ones()
    {
        FloatModel model = SkipNet.Build().Fuse();
        model.Prepare(QConfigMapping.Uniform(MinMax).SetModuleName("add", null));
        model.Calibrate(SkipNet.Batch(1));
        QuantizedModel converted = model.Convert();

        Assert.Equal(["add"], converted.Layers.Where(static layer => !layer.IsQuantized).Select(static layer => layer.Name));
        // The mean and the product read it as int8, so it has a scale nevertheless.
        Assert.NotNull(converted.Layers.Single(static layer => layer.Name == "add").OutputQuantization);
    }

    [Fact]
    public void Float_at_both_ends_reads_and_returns_unrounded_floats()
    {
        FloatModel model = Chain();
        model.Prepare(QConfigMapping.Uniform(MinMax).SetModuleNameRegex("conv1|squeeze", null));
        model.Calibrate(SkipNet.Batch(1));
        QuantizedModel converted = model.Convert();

        Assert.Null(converted.InputQuantization);
        Assert.Null(converted.OutputQuantization);
        var exception = Assert.Throws<InvalidOperationException>(() => converted.Forward(new QuantizedTensor(SkipNet.Shape, new QuantizationParameters(1, 0))));
        Assert.Contains("is float: give it floats", exception.Message, StringComparison.Ordinal);
        Assert.Equal(ByHand(SkipNet.Batch(1), converted.Layers[0].OutputQuantization!.Value, converted.Layers[1]), converted.Forward(SkipNet.Batch(1)).Data.ToArray());
    }

    [Fact]
    public void What_an_int8_layer_reads_of_a_float_one_is_observed_as_the_reader_says()
    {
        FloatModel model = Chain();
        model.Prepare(new QConfigMapping().SetModuleName("conv2", MinMax));
        model.Calibrate(SkipNet.Batch(1));

        FloatTensor first = new FloatConvolution(FloatModelTests.Spec(SkipNet.Conv1), SkipNet.Conv1.Weight, SkipNet.Conv1.Bias).Forward(SkipNet.Batch(1));
        var observer = new MinMaxObserver();
        observer.Observe(first);
        Assert.Equal(observer.CalculateQuantizationParameters(), model.Convert().Layers[0].OutputQuantization);
        Assert.Null(model.Convert().Layers[2].OutputQuantization);
    }

    [Fact]
    public void Names_beat_patterns_beat_types_beat_the_global_configuration()
    {
        var builder = new ModelBuilder(3);
        Value conv1 = builder.Add("conv1", Modules.Conv2d(SkipNet.Conv1), builder.Input);
        Value conv2 = builder.Add("conv2", Modules.Conv2d(SkipNet.Conv2), conv1);
        Value squeeze = builder.Add("squeeze", Modules.Conv2d(SkipNet.Squeeze), conv2);
        FloatModel model = builder.Build(builder.Add("convt", Modules.ConvTranspose2d(SkipNet.Weights(1, new Shape4(4, 3, 2, 2), 0)), squeeze));

        model.Prepare(MinMax);
        model.Calibrate(SkipNet.Batch(1));
        float[] full = Scales();
        model.Prepare(new QConfigMapping()
            .SetGlobal(Config(5))
            .SetObjectType("Conv2d", Config(15))
            .SetModuleNameRegex("s|conv2", Config(51))
            .SetModuleName("conv2", Config(85)));
        model.Calibrate(SkipNet.Batch(1));
        float[] mapped = Scales();

        // A scale is a range divided by the number of steps.
        Assert.Equal([15, 85, 51, 5], mapped.Select((scale, i) => (int)MathF.Round(255 * full[i] / scale)));

        float[] Scales() => [.. model.Convert().Layers.Select(static layer => layer.OutputQuantization!.Value.Scale)];

        static QConfig Config(int steps) => MinMax with { Activation = () => new MinMaxObserver(new ObserverSettings { QuantMin = 0, QuantMax = steps }) };
    }

    [Fact]
    public void Without_stubs_the_model_turns_by_itself_and_with_stubs_where_they_stand()
    {
        var builder = new ModelBuilder(3);
        Value conv1 = builder.Add("conv1", Modules.Conv2d(SkipNet.Conv1), builder.Input);
        Value quantized = builder.Add("q", Modules.QuantStub(), conv1);
        Value conv2 = builder.Add("conv2", Modules.Conv2d(SkipNet.Conv2), quantized);
        Value back = builder.Add("dq", Modules.DeQuantStub(), conv2);
        QuantizedModel model = Converted(builder.Build(builder.Add("squeeze", Modules.Conv2d(SkipNet.Squeeze), back)), MinMax);

        Assert.Equal([false, true, true, false, false], model.Layers.Select(static layer => layer.IsQuantized));

        Assert.Equal(ByHand(SkipNet.Batch(1), model.Layers[1].OutputQuantization!.Value, model.Layers[2]), model.Forward(SkipNet.Batch(1)).Data.ToArray());
    }

    [Fact]
    public void Stubs_that_contradict_each_other_are_refused()
    {
        Assert.Contains("is int8 already", Refusal("q", static b => b.Add("q2", Modules.QuantStub(), b.Add("q", Modules.QuantStub(), b.Input))), StringComparison.Ordinal);
        Assert.Contains("is float already", Refusal("dq", static b => b.Add("dq", Modules.DeQuantStub(), b.Input)), StringComparison.Ordinal);
        Assert.Contains("which is int8, and the model's input, which is float", Refusal("add", static b => b.Add("add", Modules.Add(), b.Add("q", Modules.QuantStub(), b.Input), b.Input)), StringComparison.Ordinal);

        static string Refusal(string name, Func<ModelBuilder, Value> add)
        {
            var builder = new ModelBuilder(3);
            FloatModel model = builder.Build(builder.Add("relu", Modules.ReLU(), add(builder)));
            string message = Assert.Throws<InvalidOperationException>(() => model.Prepare(MinMax)).Message;
            Assert.Contains(name, message, StringComparison.Ordinal);
            return message;
        }
    }

    [Fact]
    public void Every_step_in_the_wrong_order_says_what_to_call()
    {
        FloatModel model = SkipNet.Build();

        Assert.Contains("call Prepare first", Refusal(() => model.Calibrate(SkipNet.Batch(1))), StringComparison.Ordinal);
        Assert.Contains("call Prepare first", Refusal(() => model.Calibrate(Array.Empty<FloatTensor>())), StringComparison.Ordinal);
        Assert.Contains("call Prepare first", Refusal(() => model.Convert()), StringComparison.Ordinal);
        Assert.Contains("call Prepare first", Refusal(() => model.SaveCalibration("x")), StringComparison.Ordinal);
        model.Prepare(MinMax);
        Assert.Contains("call Calibrate", Refusal(() => model.Convert()), StringComparison.Ordinal);
        Assert.Contains("call Prepare first", Refusal(() => SkipNet.Build().MergeCalibration(model)), StringComparison.Ordinal);
        Assert.Contains("Every layer would stay float", Refusal(() => model.Prepare(new QConfigMapping())), StringComparison.Ordinal);

        static string Refusal(Action action) => Assert.Throws<InvalidOperationException>(action).Message;
    }

    [Fact]
    public void A_noop_observer_keeps_its_layer_float_and_a_placeholder_cannot_be_converted()
    {
        FloatModel model = SkipNet.Build();
        model.Prepare(QConfigMapping.Uniform(MinMax).SetModuleName("add", MinMax with { Activation = static () => new NoopObserver() }));
        model.Calibrate(SkipNet.Batch(1));
        Assert.False(model.Convert().Layers.Single(static layer => layer.Name == "add").IsQuantized);

        model.Prepare(QConfigMapping.Uniform(MinMax).SetModuleName("add", MinMax with { Activation = static () => new PlaceholderObserver() }));
        model.Calibrate(SkipNet.Batch(1));
        Assert.Contains("placeholder", Assert.Throws<InvalidOperationException>(() => model.Convert()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recording_observer_keeps_shapes()
    {
        FloatModel model = SkipNet.Build();
        var recordings = new List<RecordingObserver>();
        model.Prepare(MinMax with
        {
            Activation = () =>
            {
                recordings.Add(new RecordingObserver());
                return recordings[^1];
            },
        });
        model.Calibrate(SkipNet.Batch(1));

        Assert.Contains(recordings, static recording => recording.HasObserved && recording.TensorVal[0].Shape == SkipNet.Shape);
    }

    [Fact]
    public void Progress_counts_batches_and_cancellation_stops_between_them()
    {
        using var cancellation = new CancellationTokenSource();
        var counts = new Counts();
        FloatModel model = SkipNet.Build();
        model.Prepare(MinMax);

        Assert.Throws<OperationCanceledException>(() => model.Calibrate(Batches(), counts, cancellation.Token));
        Assert.Equal([1, 2], counts);

        IEnumerable<FloatTensor> Batches()
        {
            for (int i = 0; ; i++)
            {
                if (i == 2)
                {
                    cancellation.Cancel();
                }

                yield return SkipNet.Batch(i);
            }
        }
    }

    [Fact]
    public void Calibrating_on_two_threads_and_merging_sees_what_one_would_have()
    {
        FloatModel one = SkipNet.Build();
        one.Prepare(MinMax);
        one.Calibrate([SkipNet.Batch(1), SkipNet.Batch(2), SkipNet.Batch(3)]);
        FloatModel[] parts = [SkipNet.Build(), SkipNet.Build()];
        var threads = new Thread[2];
        for (int i = 0; i < 2; i++)
        {
            int part = i;
            parts[part].Prepare(MinMax);
            threads[part] = new Thread(() => parts[part].Calibrate(part == 0 ? [SkipNet.Batch(1)] : [SkipNet.Batch(2), SkipNet.Batch(3)]));
            threads[part].Start();
        }

        Array.ForEach(threads, static thread => thread.Join());
        parts[0].MergeCalibration(parts[1]);

        Assert.Equal(Scales(one), Scales(parts[0]));
        Assert.NotEqual(Scales(one), Scales(parts[1]));
    }

    [Fact]
    public void Only_models_prepared_in_the_same_way_are_merged()
    {
        FloatModel model = SkipNet.Build();
        model.Prepare(MinMax);
        FloatModel fused = SkipNet.Build().Fuse();
        fused.Prepare(MinMax);
        FloatModel mixed = SkipNet.Build();
        mixed.Prepare(QConfigMapping.Uniform(MinMax).SetModuleName("convt", null));

        Assert.Throws<ArgumentException>(() => model.MergeCalibration(fused));
        Assert.Throws<ArgumentException>(() => model.MergeCalibration(mixed));
        Assert.Throws<ArgumentException>(() => model.MergeCalibration(model));
    }

    internal static QuantizedModel Converted(FloatModel model, QConfig config, string? keep = null)
    {
        QConfigMapping mapping = QConfigMapping.Uniform(config);
        model.Prepare(keep is null ? mapping : mapping.SetModuleName(keep, null));
        model.Calibrate([SkipNet.Batch(1), SkipNet.Batch(2)]);
        return model.Convert();
    }

    private static FloatModel Chain()
    {
        var builder = new ModelBuilder(3);
        Value conv1 = builder.Add("conv1", Modules.Conv2d(SkipNet.Conv1), builder.Input);
        Value conv2 = builder.Add("conv2", Modules.Conv2d(SkipNet.Conv2), conv1);
        return builder.Build(builder.Add("squeeze", Modules.Conv2d(SkipNet.Squeeze), conv2));
    }

    /// <summary>The chain with its second layer in int8 alone.</summary>
    private static float[] ByHand(FloatTensor input, QuantizationParameters between, ConvertedLayer conv2)
    {
        FloatTensor first = new FloatConvolution(FloatModelTests.Spec(SkipNet.Conv1), SkipNet.Conv1.Weight, SkipNet.Conv1.Bias).Forward(input);
        FloatTensor second = new DeQuantize().Forward(Convolution(SkipNet.Conv2, conv2, new Quantize(between).Forward(first)));
        return new FloatConvolution(FloatModelTests.Spec(SkipNet.Squeeze), SkipNet.Squeeze.Weight, SkipNet.Squeeze.Bias).Forward(second).Data.ToArray();
    }

    private static QuantizationParameters?[] Scales(FloatModel model) => [.. model.Convert().Layers.Select(static layer => layer.OutputQuantization)];

    private static QuantizedTensor Convolution(LayerWeights weights, ConvertedLayer layer, QuantizedTensor input) =>
        new GenericConvolution(FloatModelTests.Spec(weights), layer.Weights!.Weight, layer.Weights.Bias, input.Quantization, layer.OutputQuantization!.Value).Forward(input);

    private sealed class Counts : List<int>, IProgress<int>
    {
        public void Report(int value) => Add(value);
    }
}
