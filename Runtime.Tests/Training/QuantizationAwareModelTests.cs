using System;
using FsCheck.Xunit;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;
using Kernels.Tests.Models;
using Kernels.Training;
using Xunit;

namespace Kernels.Tests.Training;

public class QuantizationAwareModelTests
{
    [Property(MaxTest = 150)]
    public void The_converted_model_gives_the_outputs_of_the_fake_quantized_forward_pass(int seed)
    {
        RandomGraph graph = RandomGraph.FromSeed(seed);
        QuantizationAwareModel model = graph.Model.PrepareForTraining(graph.Mapping());
        model.FreezeBatchNorm(graph.Random.Next(2) == 0);
        var trainer = new Trainer(model, new Sgd(model.Parameters, 0.002f), Loss.MeanSquaredError);
        for (int i = 0; i < 3; i++)
        {
            trainer.Step(graph.Batch(), graph.Model.Forward);
        }

        // Running statistics replace those of batches, so the ranges are measured once more.
        model.FreezeBatchNorm(true);
        model.Forward(graph.Batch());
        model.EnableObserver(false);
        FloatTensor batch = graph.Batch();

        // Equal, which is more than the one step that is promised.
        Assert.Equal(model.Convert().Forward(batch).Data.ToArray(), model.Forward(batch).Data.ToArray());
    }

    [Fact]
    public void Reduced_ranges_give_the_converted_models_outputs_for_what_was_observed()
    {
        FloatModel model = SkipNet.Build().Fuse();
        QuantizationAwareModel trainable = model.PrepareForTraining(QConfig.FbgemmTraining with { Activation = Reduced });
        FloatTensor batch = SkipNet.Batch(1);

        // Rounding moves values beyond what was observed before it, and ranges follow until nothing moves.
        for (int i = 0; i < 5; i++)
        {
            trainable.Forward(batch);
        }

        trainable.EnableObserver(false);
        FloatTensor simulated = trainable.Forward(batch);
        QuantizedModel converted = trainable.Convert();

        AssertWithin(converted.OutputQuantization!.Value.Scale, converted.Forward(batch), simulated);

        static IObserver Reduced() => new MinMaxObserver(ObserverSettings.Activation with { ReduceRange = true });
    }

    [Fact]
    public void Values_that_several_layers_read_get_the_sum_of_their_gradients()
    {
        var random = new Random(4);
        var from = new Shape4(2, 3, 6, 8);
        LayerWeights first = SkipNet.Weights(1, new Shape4(5, 3, 3, 3), 5);
        LayerWeights second = SkipNet.Weights(2, new Shape4(5, 5, 3, 3), 5);
        LayerWeights last = SkipNet.Weights(3, new Shape4(10, 2, 2, 2), 2);
        var builder = new ModelBuilder(3);
        Value conv = builder.Add("conv", Modules.Conv2d(first, padding: 1), builder.Input);
        Value leaky = builder.Add("leaky", Modules.LeakyReLU(0.1f), conv);
        Value pool = builder.Add("pool", Modules.MaxPool2d(new PoolingSpec(2)), leaky);
        Value up = builder.Add("up", Modules.Upsample(UpsampleSpec.ByFactor(UpsampleMode.Nearest, 2)), pool);
        Value conv2 = builder.Add("conv2", Modules.Conv2d(second, padding: 1), up);
        Value add = builder.Add("add", Modules.Add(relu: true), leaky, conv2);
        Value mean = builder.Add("mean", Modules.GlobalAvgPool2d(), add);
        Value gate = builder.Add("gate", Modules.Sigmoid(), mean);
        Value mul = builder.Add("mul", Modules.Mul(), add, gate);
        Value square = builder.Add("square", Modules.Mul(), leaky, leaky);
        Value cat = builder.Add("cat", Modules.Cat(), mul, square);
        QuantizationAwareModel model = builder.Build(builder.Add("convt", Modules.ConvTranspose2d(last, stride: 2), cat)).PrepareForTraining(QConfig.FullRangeTraining);
        model.EnableFakeQuant(false);

        GradientCheck.Run(model, TrainingData.Tensor(random, from), Reference, random, "the graph", samples: 40);

        double[] Reference(double[] x, double[][] p)
        {
            DoubleImage leaky = Convolve(first, ConvolutionKind.Conv2d, 1, 1, new DoubleImage(from, x), p[0], p[1]).Map(static v => v > 0 ? v : 0.1f * v);
            var up = DoubleImage.Of(leaky.Shape, (n, c, h, w) => Math.Max(
                Math.Max(leaky[n, c, h / 2 * 2, w / 2 * 2], leaky[n, c, h / 2 * 2, w / 2 * 2 + 1]),
                Math.Max(leaky[n, c, h / 2 * 2 + 1, w / 2 * 2], leaky[n, c, h / 2 * 2 + 1, w / 2 * 2 + 1])));
            DoubleImage add = leaky.Join(Convolve(second, ConvolutionKind.Conv2d, 1, 1, up, p[2], p[3]), static (a, b) => Math.Max(a + b, 0));
            var mean = DoubleImage.Of(add.Shape with { H = 1, W = 1 }, (n, c, _, _) =>
            {
                double sum = 0;
                for (int i = 0; i < add.Shape.H * add.Shape.W; i++)
                {
                    sum += add[n, c, i / add.Shape.W, i % add.Shape.W];
                }

                return sum / (add.Shape.H * add.Shape.W);
            });
            DoubleImage mul = add.Join(mean.Map(static v => 1 / (1 + Math.Exp(-v))), static (a, b) => a * b);
            return Convolve(last, ConvolutionKind.ConvTranspose2d, 2, 0, mul.Cat(leaky.Map(static v => v * v)), p[4], p[5]).Values;
        }
    }

    [Fact]
    public void Gradients_go_straight_through_the_rounding()
    {
        // Over many pixels the rounded loss is smooth enough for differences of a step.
        var random = new Random(5);
        QuantizationAwareModel model = CoarseNet(random).PrepareForTraining(Coarse);
        FloatTensor batch = Pictures(random, 64);
        FloatTensor target = model.Forward(batch);
        target = new FloatTensor(target.Shape, Array.ConvertAll(target.Data.ToArray(), static v => v + 0.3f));
        var gradient = new FloatTensor(target.Shape);
        model.EnableObserver(false);
        Loss.MeanSquaredError.Compute(model.Forward(batch), target, gradient);
        model.BackwardToParameters(gradient);
        foreach (FakeQuantizedConvolution layer in model.Convolutions.Values)
        {
            for (int i = 0; i < 3; i++)
            {
                Check(layer.Weight, i, layer.WeightFakeQuantize.Parameters[0].Scale);
                Check(layer.Bias!, i, 0.05f);
            }
        }

        void Check(Parameter parameter, int i, float step)
        {
            float before = parameter.Values[i];
            parameter.Values[i] = before + step;
            double above = Loss.MeanSquaredError.Compute(model.Forward(batch), target, new FloatTensor(target.Shape));
            parameter.Values[i] = before - step;
            double below = Loss.MeanSquaredError.Compute(model.Forward(batch), target, new FloatTensor(target.Shape));
            parameter.Values[i] = before;
            double expected = (above - below) / (2 * step);
            Assert.InRange(parameter.Gradient[i] - expected, -0.05 * Math.Abs(expected) - 1e-3, 0.05 * Math.Abs(expected) + 1e-3);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_short_fine_tuning_of_a_graph_gains_over_plain_calibration_on_data_held_out(int seed)
    {
        var random = new Random(seed);
        FloatModel teacher = CoarseNet(random);
        FloatTensor heldOut = Pictures(random, 32);
        teacher.Prepare(Coarse);
        QuantizationAwareModel student = teacher.PrepareForTraining(Coarse);
        for (int i = 0; i < 20; i++)
        {
            FloatTensor batch = Pictures(random, 4);
            teacher.Calibrate(batch);
            student.Forward(batch);
        }

        student.EnableObserver(false);
        var optimizer = new Adam(student.Parameters);
        var trainer = new Trainer(student, optimizer, Loss.MeanSquaredError);
        for (int i = 0; i < 120; i++)
        {
            optimizer.LearningRate = 1e-4f * (1 - i / 120f);
            trainer.Step(Pictures(random, 4), teacher.Forward);
        }

        (double calibrated, double tuned) = (Error(teacher.Convert()), Error(student.Convert()));

        // More than 2 dB.
        Assert.True(tuned < 0.6 * calibrated, $"{calibrated} {tuned}");

        double Error(QuantizedModel model)
        {
            FloatTensor expected = teacher.Forward(heldOut);
            return Loss.MeanSquaredError.Compute(model.Forward(heldOut), expected, new FloatTensor(expected.Shape));
        }
    }

    [Fact]
    public void Observing_without_rounding_gives_the_model_that_calibration_gives()
    {
        QConfigMapping mapping = QConfigMapping.Uniform(new QConfig(static () => new MinMaxObserver(), QConfig.FullRange.Weight)).SetModuleName("conv2", null);
        FloatModel model = SkipNet.Build();
        QuantizationAwareModel trainable = model.PrepareForTraining(mapping);
        trainable.EnableFakeQuant(false);
        model.Prepare(mapping);
        for (int i = 0; i < 3; i++)
        {
            model.Calibrate(SkipNet.Batch(i));
            trainable.Forward(SkipNet.Batch(i));
        }

        QuantizedModel expected = model.Convert();
        QuantizedModel actual = trainable.Convert();
        for (int i = 0; i < expected.Layers.Count; i++)
        {
            Assert.Equal(expected.Layers[i] with { Weights = null, Kernel = null }, actual.Layers[i] with { Weights = null, Kernel = null });
        }

        Assert.Equal(expected.Forward(SkipNet.Batch(9)).Data.ToArray(), actual.Forward(SkipNet.Batch(9)).Data.ToArray());
    }

    [Fact]
    public void Without_rounding_the_model_is_the_float_one()
    {
        FloatModel model = SkipNet.Build();
        QuantizationAwareModel trainable = model.PrepareForTraining(QConfig.FullRangeTraining);
        trainable.EnableFakeQuant(false);
        FloatTensor batch = SkipNet.Batch(1);

        Assert.Equal(model.Forward(batch).Data.ToArray(), trainable.Forward(batch).Data.ToArray());
    }

    [Fact]
    public void Layers_that_keep_a_scale_share_their_fake_quantization()
    {
        QuantizationAwareModel model = SkipNet.Build().PrepareForTraining(QConfig.FullRangeTraining);
        model.Forward(SkipNet.Batch(1));
        QuantizedModel converted = model.Convert();

        // ReLU, pooling, upsampling and cropping have their input's; Cat joins those of crop and mul.
        Assert.Equal(["input", "conv1", "conv2", "add", "squeeze", "gate", "convt"], model.ActivationFakeQuantizes.Keys);
        Assert.Equal(["conv1", "conv2", "squeeze", "convt"], model.Convolutions.Keys);
        QuantizationParameters shared = model.ActivationFakeQuantizes["conv1"].Parameters[0];
        Assert.All(converted.Layers, layer => Assert.True(layer.OutputQuantization == shared == layer.Name is "conv1" or "relu1" or "pool" or "up" or "crop" or "mul" or "cat", layer.Name));
        Assert.Equal(QuantizedSigmoid.FixedOutput, model.ActivationFakeQuantizes["gate"].Parameters[0]);
    }

    [Fact]
    public void Layers_without_a_configuration_stay_float_and_train()
    {
        FloatModel model = SkipNet.Build();
        QuantizationAwareModel trainable = model.PrepareForTraining(
            QConfigMapping.Uniform(QConfig.FullRangeTraining).SetObjectType("Conv2d", null).SetModuleNameRegex("conv", QConfig.QnnpackTraining).SetModuleName("conv2", null));
        new Trainer(trainable, new Sgd(trainable.Parameters, 0.1f), Loss.MeanSquaredError).Step(SkipNet.Batch(1), model.Forward);
        QuantizedModel converted = trainable.Convert();

        foreach (ConvertedLayer layer in converted.Layers)
        {
            Assert.Equal(layer.Name is not ("conv2" or "squeeze"), layer.IsQuantized);
        }

        Assert.Equal(["conv1", "convt"], trainable.Convolutions.Keys);
        Assert.NotEqual(SkipNet.Conv2.Weight.Data.ToArray(), trainable.ToFloatWeights()["conv2"].Weight.Data.ToArray());
        Assert.Equal(1, trainable.Convolutions["convt"].Quantize().Quantization.Count);
    }

    [Fact]
    public void Between_stubs_a_model_is_rounded_and_elsewhere_not()
    {
        var builder = new ModelBuilder(3);
        Value before = builder.Add("before", Modules.Conv2d(SkipNet.Conv1), builder.Input);
        Value quant = builder.Add("quant", Modules.QuantStub(), before);
        Value inside = builder.Add("inside", Modules.Conv2d(SkipNet.Conv2), quant);
        Value pool = builder.Add("pool", Modules.AvgPool2d(new PoolingSpec(2)), inside);
        Value dequant = builder.Add("dequant", Modules.DeQuantStub(), pool);
        FloatModel model = builder.Build(builder.Add("after", Modules.Tanh(), dequant));
        QuantizationAwareModel trainable = model.PrepareForTraining(QConfig.QnnpackTraining);
        trainable.Forward(SkipNet.Batch(1));
        trainable.EnableObserver(false);

        Assert.Equal(["before", "inside"], trainable.ActivationFakeQuantizes.Keys);
        Assert.Equal(["inside"], trainable.Convolutions.Keys);
        Assert.Equal(trainable.Convert().Forward(SkipNet.Batch(2)).Data.ToArray(), trainable.Forward(SkipNet.Batch(2)).Data.ToArray());
    }

    [Fact]
    public void Fused_batch_norms_train_along_and_are_folded_at_the_end()
    {
        var builder = new ModelBuilder(3);
        Value conv = builder.Add("conv", Modules.Conv2d(SkipNet.Conv1, padding: 1), builder.Input);
        Value norm = builder.Add("norm", Modules.BatchNorm2d(new BatchNormParameters([1, 2, 3, 4], [1, 1, 4, 4])), conv);
        Value relu = builder.Add("relu", Modules.ReLU(), norm);
        Value up = builder.Add("up", Modules.ConvTranspose2d(SkipNet.Weights(5, new Shape4(4, 2, 2, 2), 0), stride: 2, groups: 2), relu);
        Value norm2 = builder.Add("norm2", Modules.BatchNorm2d(new BatchNormParameters([1, 2, 3, 4], [1, 1, 4, 4])), up);
        FloatModel model = builder.Build(norm2).Fuse();
        QuantizationAwareModel trainable = model.PrepareForTraining(QConfig.QnnpackTraining);
        FloatTensor batch = SkipNet.Batch(1);
        trainable.EnableFakeQuant(false);

        // Frozen, the statistics are those that Fuse has folded.
        trainable.FreezeBatchNorm(true);
        AssertWithin(1e-5f, model.Forward(batch), trainable.Forward(batch));
        Assert.Equal([1, 2, 3, 4], trainable.Convolutions["conv"].BatchNorm!.ToParameters().Mean.ToArray());

        trainable.FreezeBatchNorm(false);
        trainable.EnableFakeQuant(true);
        trainable.Forward(batch);
        Assert.NotEqual([1, 2, 3, 4], trainable.Convolutions["up"].BatchNorm!.ToParameters().Mean.ToArray());

        // What was learned goes on from the float model, statistics included.
        trainable.FreezeBatchNorm(true);
        trainable.EnableFakeQuant(false);
        FloatModel learned = trainable.ToFloat();
        AssertWithin(1e-5f, learned.Forward(batch), trainable.Forward(batch));
        Assert.Equal(
            trainable.Convolutions["up"].BatchNorm!.ToParameters().Mean.ToArray(),
            learned.PrepareForTraining(QConfig.QnnpackTraining).Convolutions["up"].BatchNorm!.ToParameters().Mean.ToArray());
    }

    [Fact]
    public void Training_changes_the_copy_alone()
    {
        FloatModel model = SkipNet.Build();
        float[] before = model.Forward(SkipNet.Batch(1)).Data.ToArray();
        QuantizationAwareModel trainable = model.PrepareForTraining(QConfig.FullRangeTraining);
        new Trainer(trainable, new Sgd(trainable.Parameters, 0.1f), Loss.L1).Step(SkipNet.Batch(1), SkipNet.Batch(1, trainable.OutputShape(SkipNet.Shape)));

        Assert.Equal(before, model.Forward(SkipNet.Batch(1)).Data.ToArray());
        Assert.NotEqual(before, trainable.ToFloat().Forward(SkipNet.Batch(1)).Data.ToArray());
        Assert.Equal(trainable.ToFloatWeights()["convt"].Weight.Data.ToArray(), trainable.Convolutions["convt"].Weight.Values.ToArray());
    }

    [Fact]
    public void Layers_without_weights_allocate_nothing_in_a_step()
    {
        var builder = new ModelBuilder(3);
        Value pool = builder.Add("pool", Modules.MaxPool2d(new PoolingSpec(2)), builder.Input);
        Value up = builder.Add("up", Modules.Upsample(UpsampleSpec.ByFactor(UpsampleMode.Bilinear, 2)), pool);
        Value mean = builder.Add("mean", Modules.GlobalAvgPool2d(), up);
        Value gate = builder.Add("gate", Modules.Sigmoid(), mean);
        Value mul = builder.Add("mul", Modules.Mul(), up, gate);
        Value add = builder.Add("add", Modules.Add(), mul, builder.Input);
        QuantizationAwareModel model = builder.Build(builder.Add("cat", Modules.Cat(), add, up)).PrepareForTraining(QConfig.FullRangeTraining);
        FloatTensor batch = SkipNet.Batch(1);
        FloatTensor gradient = model.Forward(batch);
        gradient = new FloatTensor(gradient.Shape, gradient.Data.ToArray());
        model.EnableObserver(false);
        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Step();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Step()
        {
            model.Forward(batch);
            model.Backward(gradient);
        }
    }

    [Fact]
    public void A_wrong_order_is_refused_with_what_to_do()
    {
        QuantizationAwareModel model = SkipNet.Build().PrepareForTraining(QConfig.FullRangeTraining);
        FloatTensor output = SkipNet.Batch(1, model.OutputShape(SkipNet.Shape));

        Assert.Contains("run Forward", Assert.Throws<InvalidOperationException>(() => model.Convert()).Message, StringComparison.Ordinal);
        Assert.Contains("call Forward first", Assert.Throws<InvalidOperationException>(() => model.Backward(output)).Message, StringComparison.Ordinal);
        Assert.Contains("conv2", Assert.Throws<ArgumentException>(() => model.Forward(new FloatTensor(new Shape4(1, 3, 4, 4)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_trained_is_refused_with_what_to_do()
    {
        FloatModel model = SkipNet.Build();
        Assert.Contains("give at least one a configuration", Refusal<InvalidOperationException>(new QConfigMapping()), StringComparison.Ordinal);
        Assert.Contains("give it quint8", Refusal<ArgumentException>(QConfigMapping.Uniform(new QConfig(QConfig.FullRange.Weight, QConfig.FullRange.Weight))), StringComparison.Ordinal);
        Assert.Contains(
            "The layer conv2 cannot be prepared",
            Refusal<ArgumentException>(QConfigMapping.Uniform(QConfig.FullRange).SetModuleName("conv2", new QConfig(QConfig.FullRange.Activation, QConfig.FullRange.Activation))),
            StringComparison.Ordinal);
        QuantizationAwareModel placeholder = model.PrepareForTraining(new QConfig(static () => new PlaceholderObserver(), QConfig.FullRange.Weight));
        Assert.Contains("another observer", Assert.Throws<InvalidOperationException>(() => placeholder.Forward(SkipNet.Batch(1))).Message, StringComparison.Ordinal);

        string Refusal<TException>(QConfigMapping mapping)
            where TException : Exception => Assert.Throws<TException>(() => model.PrepareForTraining(mapping)).Message;
    }

    private static DoubleImage Convolve(LayerWeights weights, ConvolutionKind kind, int stride, int padding, DoubleImage input, double[] weight, double[] bias)
    {
        Shape4 shape = weights.Weight.Shape;
        bool isTransposed = kind == ConvolutionKind.ConvTranspose2d;
        var spec = new ConvolutionSpec
        {
            Kind = kind,
            InChannels = isTransposed ? shape.N : shape.C,
            OutChannels = isTransposed ? shape.C : shape.N,
            KernelHeight = shape.H,
            KernelWidth = shape.W,
            StrideHeight = stride,
            StrideWidth = stride,
            PaddingHeight = padding,
            PaddingWidth = padding,
        };
        return new DoubleImage(spec.OutputShape(input.Shape), DoubleConvolution.Sums(spec, input.Shape, input.Values, weight, bias));
    }

    /// <summary>Weights of 15 codes, which lose so much that there is something to gain.</summary>
    private static QConfig Coarse { get; } = new(
        static () => new MinMaxObserver(),
        static () => new MinMaxObserver(ObserverSettings.Weight with { QuantMin = -7, QuantMax = 7 }));

    /// <summary>Values of 0 to 1, as in pictures.</summary>
    private static FloatTensor Pictures(Random random, int count)
    {
        var shape = new Shape4(count, 3, 8, 8);
        return new FloatTensor(shape, Array.ConvertAll(TrainingData.Floats(random, shape.Count), MathF.Abs));
    }

    /// <summary>Two skips, pooling, upsampling and a transposed convolution.</summary>
    private static FloatModel CoarseNet(Random random)
    {
        var builder = new ModelBuilder(3);
        Value first = builder.Add("first", Modules.Conv2d(Weights(new Shape4(8, 3, 3, 3), 27), padding: 1), builder.Input);
        Value relu = builder.Add("relu", Modules.ReLU(), first);
        Value pool = builder.Add("pool", Modules.MaxPool2d(new PoolingSpec(2)), relu);
        Value deep = builder.Add("deep", Modules.Conv2d(Weights(new Shape4(8, 8, 3, 3), 72), padding: 1), pool);
        Value up = builder.Add("up", Modules.Upsample(UpsampleSpec.ByFactor(UpsampleMode.Nearest, 2)), deep);
        Value add = builder.Add("add", Modules.Add(), relu, up);
        Value cat = builder.Add("cat", Modules.Cat(), add, relu);
        return builder.Build(builder.Add("last", Modules.ConvTranspose2d(Weights(new Shape4(16, 3, 2, 2), 16), stride: 2), cat)).Fuse();

        LayerWeights Weights(Shape4 shape, int products)
        {
            float size = 2 / MathF.Sqrt(products);
            float[] weight = Array.ConvertAll(TrainingData.Floats(random, shape.Count), w => w * size);
            return new LayerWeights(new FloatWeight(shape, weight), new float[products == 16 ? shape.C : shape.N]);
        }
    }

    private static void AssertWithin(float tolerance, FloatTensor expected, FloatTensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        for (int i = 0; i < expected.Shape.Count; i++)
        {
            Assert.InRange(actual.Data[i], expected.Data[i] - tolerance, expected.Data[i] + tolerance);
        }
    }
}
