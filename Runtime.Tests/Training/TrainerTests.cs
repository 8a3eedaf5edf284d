using System;
using Kernels.Layers;
using Kernels.Training;
using Xunit;

namespace Kernels.Tests.Training;

public class TrainerTests
{
    [Fact]
    public void A_sequence_has_the_gradients_of_its_finite_differences()
    {
        (TrainableSequence model, ConvolutionSpec first, ConvolutionSpec second) = Network(new Random(1));
        var from = new Shape4(2, 3, 5, 6);

        GradientCheck.Run(
            model,
            TrainingData.Tensor(new Random(2), from),
            (x, p) => DoubleConvolution.Sums(
                second,
                first.OutputShape(from),
                DoubleActivation.Apply(Activation.LeakyRelu, 0.1f, DoubleConvolution.Sums(first, from, x, p[0], p[1])),
                p[2],
                p[3]),
            new Random(3),
            "sequence",
            samples: 20);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_student_becomes_its_teacher(bool isAdam)
    {
        (TrainableSequence teacher, _, _) = Network(new Random(4));
        (TrainableSequence student, _, _) = Network(new Random(5));
        Optimizer optimizer = isAdam ? new Adam(student.Parameters, 0.02f) : new Sgd(student.Parameters, 0.2f, momentum: 0.8f);
        var trainer = new Trainer(student, optimizer, Loss.MeanSquaredError);
        var random = new Random(6);
        double first = 0;
        double last = 0;
        for (int step = 0; step < 150; step++)
        {
            last = trainer.Step(TrainingData.Tensor(random, new Shape4(2, 3, 6, 6)), teacher.Forward);
            first = step == 0 ? last : first;
        }

        Assert.True(last < 0.05 * first, $"{first} {last}");
    }

    [Fact]
    public void Training_from_the_same_start_gives_the_same_bits()
    {
        Assert.Equal(Trained(), Trained());

        static float[] Trained()
        {
            (TrainableSequence model, _, _) = Network(new Random(7));
            var trainer = new Trainer(model, new Adam(model.Parameters), Loss.L1);
            var random = new Random(8);
            for (int step = 0; step < 5; step++)
            {
                FloatTensor input = TrainingData.Tensor(random, new Shape4(1, 3, 6, 6));
                trainer.Step(input, TrainingData.Tensor(random, model.OutputShape(input.Shape)));
            }

            return model.Parameters[0].Values.ToArray();
        }
    }

    /// <summary>Conv2d 3 to 8 with LeakyReLU, ConvTranspose2d 8 to 2.</summary>
    private static (TrainableSequence Model, ConvolutionSpec First, ConvolutionSpec Second) Network(Random random)
    {
        var first = new ConvolutionSpec { Kind = ConvolutionKind.Conv2d, InChannels = 3, OutChannels = 8, KernelHeight = 3, KernelWidth = 3, PaddingHeight = 1, PaddingWidth = 1 };
        var second = new ConvolutionSpec { Kind = ConvolutionKind.ConvTranspose2d, InChannels = 8, OutChannels = 2, KernelHeight = 4, KernelWidth = 4, StrideHeight = 2, StrideWidth = 2, PaddingHeight = 1, PaddingWidth = 1 };
        return (new TrainableSequence(Layer(first, random), new TrainableFunction(new FloatLeakyRelu(0.1f)), Layer(second, random)), first, second);
    }

    private static TrainableConvolution Layer(ConvolutionSpec spec, Random random) => new(
        spec,
        new FloatWeight(spec.WeightShape, Array.ConvertAll(TrainingData.Floats(random, spec.WeightShape.Count), static w => 0.3f * w)),
        TrainingData.Floats(random, spec.OutChannels));
}
