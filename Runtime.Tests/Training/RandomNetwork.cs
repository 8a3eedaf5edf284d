using System;
using System.Collections.Generic;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Quantization;
using Kernels.Tests.Support;

namespace Kernels.Tests.Training;

/// <summary>A float model of one to three layers with random shapes, weights and activations, and inputs for it.</summary>
internal sealed class RandomNetwork : AnnotatedModel
{
    private RandomNetwork(Random random, IReadOnlyList<LayerFactory> layers, Shape4 input, LayerWeights[] weights)
        : base(Sequential.Of(layers, weights))
    {
        Random = random;
        Input = input;
        Specs = [.. System.Linq.Enumerable.Select(layers, static layer => layer.Spec)];
    }

    public Random Random { get; }

    public Shape4 Input { get; }

    public ConvolutionSpec[] Specs { get; }

    /// <param name="seed">Says which network.</param>
    /// <param name="needsBias">Whether every layer has one, so that batch norms can be folded.</param>
    public static RandomNetwork FromSeed(int seed, bool needsBias = false)
    {
        var random = new Random(seed);
        int count = random.Next(1, 4);
        while (true)
        {
            var layers = new List<LayerFactory>();
            var weights = new List<LayerWeights>();
            int channels = random.Next(1, 7);
            var input = new Shape4(2, channels, random.Next(4, 8), random.Next(4, 8));
            Shape4 shape = input;
            for (int i = 0; i < count; i++)
            {
                ConvolutionSpec spec = Spec(random, shape.C);
                spec = needsBias ? spec with { HasBias = true } : spec;
                shape = shape with { C = spec.OutChannels, H = spec.OutputHeight(shape.H), W = spec.OutputWidth(shape.W) };
                if (shape.H < 1 || shape.W < 1)
                {
                    break;
                }

                layers.Add(LayerFactory.Generic($"layer{i}", spec));
                weights.Add(RandomWeights(random, spec));
            }

            if (layers.Count == count)
            {
                return new RandomNetwork(random, layers, input, [.. weights]);
            }
        }
    }

    /// <summary>A configuration with one or several weight scales that uses all codes.</summary>
    public QConfig Config() => Random.Next(2) == 0 ? QConfig.FullRangeTraining : QConfig.QnnpackTraining;

    public FloatTensor Batch() => TrainingData.Tensor(Random, Input);

    private static ConvolutionSpec Spec(Random random, int inChannels)
    {
        ConvolutionSpec spec = ConvolutionCase.FromSeed(random.Next()).Spec;
        int groups = inChannels % 2 == 0 && random.Next(3) == 0 ? 2 : 1;
        return spec with { InChannels = inChannels, Groups = groups, OutChannels = groups * random.Next(1, 7) };
    }

    /// <summary>Weights and bias that keep values near 1; channels differ in size, as they do in real networks.</summary>
    private static LayerWeights RandomWeights(Random random, ConvolutionSpec spec)
    {
        float size = 1f / MathF.Sqrt(spec.InChannels / spec.Groups * spec.KernelHeight * spec.KernelWidth);
        float[] weight = Array.ConvertAll(TrainingData.Floats(random, spec.WeightShape.Count), w => 2 * size * w);
        return new LayerWeights(new FloatWeight(spec.WeightShape, weight), spec.HasBias ? TrainingData.Floats(random, spec.OutChannels) : null);
    }
}
