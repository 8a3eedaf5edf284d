using System;
using System.IO;
using System.Linq;
using System.Reflection;
using Kernels.Generators.Tests.Support;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>A model of generated layers from float weights to int8 outputs, as a user writes it.</summary>
public sealed class ModelTests : IClassFixture<ModelTests.Compiled>
{
    private const string Source = """
        using System;
        using Kernels;
        using Kernels.Models;
        using Kernels.Quantization;

        namespace Networks;

        [QuantizedConv2d(InChannels = 3, OutChannels = 18, Kernel = 3, Padding = 1, Activation = Activation.LeakyRelu, NegativeSlope = 0.1f)]
        public partial class First;

        [QuantizedConvTranspose2d(InChannels = 18, OutChannels = 5, Kernel = 3, Stride = 2, Padding = 1, OutputPadding = 1, Activation = Activation.Relu, WeightScheme = WeightScheme.PerTensor)]
        public partial class Second;

        [QuantizedLinear(InFeatures = 5, OutFeatures = 4, Bias = false)]
        public partial class Third;

        [QuantizedSequential(typeof(First), typeof(Second), typeof(Third))]
        public partial class Network;

        public static class User
        {
            public static Network Make(LayerWeights[] weights) => new(weights);

            public static QuantizedModel Load(string path) => Network.Load(path);

            public static byte[] LayersByHand(LayerWeights[] weights, QuantizedTensor x, QuantizationParameters[] activations)
            {
                First first = First.Create(weights[0].Weight, weights[0].Bias, activations[0], activations[1]);
                Second second = Second.Create(weights[1].Weight, weights[1].Bias, activations[1], activations[2]);
                Third third = Third.Create(weights[2].Weight, weights[2].Bias, activations[2], activations[3]);
                return third.Forward(second.Forward(first.Forward(x))).ToNchw();
            }
        }
        """;

    private static readonly Shape4 Shape = new(2, 3, 7, 13);

    private readonly Compiled _compiled;

    public ModelTests(Compiled compiled) => _compiled = compiled;

    [Fact]
    public void A_converted_model_computes_what_its_layers_compute_by_hand()
    {
        QuantizedModel int8 = _compiled.Convert();
        QuantizedTensor x = Quantizer.Quantize(Batch(9), int8.InputQuantization!.Value);

        byte[] expected = _compiled.LayersByHand(_compiled.Weights, x, Activations(int8));

        Assert.Equal(expected, int8.Forward(x).ToNchw());
        Assert.True(expected.Distinct().Count() > 32, "The outputs are all alike: nothing is shown.");
    }

    [Fact]
    public void A_converted_model_computes_the_plain_formula()
    {
        QuantizedModel int8 = _compiled.Convert();
        QuantizationParameters[] activations = Activations(int8);
        QuantizedTensor input = Quantizer.Quantize(Batch(9), int8.InputQuantization!.Value);
        QuantizedTensor x = input;
        ConvolutionSpec[] specs = [.. _compiled.Specs];
        for (int i = 0; i < specs.Length; i++)
        {
            LayerWeights weights = _compiled.Weights[i];
            x = PlainConvolution.Forward(specs[i], WeightQuantizer.Quantize(weights.Weight, specs[i]), weights.Bias, x, activations[i + 1]);
        }

        Assert.Equal(x.ToNchw(), int8.Forward(input).ToNchw());
    }

    [Fact]
    public void Generic_kernels_and_a_saved_model_compute_the_same()
    {
        QuantizedModel int8 = _compiled.Convert();
        QuantizedTensor x = Quantizer.Quantize(Batch(9), int8.InputQuantization!.Value);
        string path = Path.Combine(Path.GetTempPath(), $"model-{Guid.NewGuid():N}.safetensors");
        try
        {
            int8.Save(path);
            QuantizedModel loaded = _compiled.Load(path);

            Assert.Equal(int8.Forward(x).ToNchw(), loaded.Forward(x).ToNchw());
            Assert.Equal(int8.Forward(x).ToNchw(), int8.WithGenericKernels().Forward(x).ToNchw());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_layers_of_a_converted_model_are_the_generated_ones() =>
        Assert.Equal(["First", "Second", "Third"], _compiled.Convert().Layers.Select(layer => layer.Kernel!.GetType().Name));

    [Fact]
    public void The_int8_model_comes_near_the_float_one()
    {
        QuantizedModel int8 = _compiled.Convert();
        FloatTensor batch = Batch(1);

        float[] expected = _compiled.Make().Forward(batch).Data.ToArray();
        float[] actual = int8.Forward(batch).Data.ToArray();

        double signal = expected.Sum(value => (double)value * value);
        double noise = expected.Zip(actual).Sum(pair => Math.Pow(pair.First - pair.Second, 2));
        Assert.True(10 * Math.Log10(signal / noise) > 25, $"The signal is only {signal / noise:0} times the noise.");
    }

    [Fact]
    public void A_run_of_a_size_seen_before_allocates_nothing()
    {
        QuantizedModel int8 = _compiled.Convert();
        QuantizedTensor x = Quantizer.Quantize(Batch(9), int8.InputQuantization!.Value);
        var output = new byte[int8.OutputShape(Shape).Count];
        int8.Run(x.Data, Shape.N, Shape.H, Shape.W, output);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int8.Run(x.Data, Shape.N, Shape.H, Shape.W, output);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static QuantizationParameters[] Activations(QuantizedModel int8) =>
        [int8.InputQuantization!.Value, .. int8.Layers.Select(layer => layer.OutputQuantization!.Value)];

    private static FloatTensor Batch(int seed)
    {
        var random = new Random(seed);
        var batch = new FloatTensor(Shape);
        foreach (ref float value in batch.Data)
        {
            value = random.NextSingle() * 2 - 0.75f;
        }

        return batch;
    }

    /// <summary>The source compiled with its generated layers, and float weights for them.</summary>
    public sealed class Compiled : IDisposable
    {
        private readonly CompiledLayers _layers = CompiledLayers.Compile(Source);
        private readonly Func<LayerWeights[], AnnotatedModel> _make;

        public Compiled()
        {
            _make = User("Make").CreateDelegate<Func<LayerWeights[], AnnotatedModel>>();
            Load = User("Load").CreateDelegate<Func<string, QuantizedModel>>();
            LayersByHand = User("LayersByHand").CreateDelegate<Func<LayerWeights[], QuantizedTensor, QuantizationParameters[], byte[]>>();
            Specs = [.. new[] { "First", "Second", "Third" }.Select(name => (ConvolutionSpec)_layers.Type("Networks." + name).GetProperty("Spec")!.GetValue(null)!)];
            Weights = [.. Specs.Select(RandomWeights)];
        }

        internal ConvolutionSpec[] Specs { get; }

        internal LayerWeights[] Weights { get; }

        internal Func<string, QuantizedModel> Load { get; }

        internal Func<LayerWeights[], QuantizedTensor, QuantizationParameters[], byte[]> LayersByHand { get; }

        internal AnnotatedModel Make() => _make(Weights);

        internal QuantizedModel Convert()
        {
            AnnotatedModel model = Make();
            model.Prepare();
            model.Calibrate(Batch(1));
            model.Calibrate(Batch(2));
            return model.Convert();
        }

        public void Dispose() => _layers.Dispose();

        private static LayerWeights RandomWeights(ConvolutionSpec spec)
        {
            var random = new Random(spec.InChannels);
            float spread = 2 / MathF.Sqrt(spec.InChannels * spec.KernelHeight * spec.KernelWidth);
            float[] weights = [.. Enumerable.Range(0, spec.WeightShape.Count).Select(_ => (random.NextSingle() - 0.5f) * 2 * spread)];
            float[]? bias = spec.HasBias ? [.. Enumerable.Range(0, spec.OutChannels).Select(_ => random.NextSingle() - 0.5f)] : null;
            return new LayerWeights(new FloatWeight(spec.WeightShape, weights), bias);
        }

        private MethodInfo User(string name) => _layers.Type("Networks.User").GetMethod(name)!;
    }
}
