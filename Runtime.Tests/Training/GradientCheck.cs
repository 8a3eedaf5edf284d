using System;
using Kernels.Training;
using Xunit;

namespace Kernels.Tests.Training;

/// <summary>Compares a layer's forward and backward passes with a double-precision reference and its finite differences.</summary>
internal static class GradientCheck
{
    private const double Step = 1e-6;
    private const double Tolerance = 2e-4;

    /// <summary>
    /// The loss is a sum of the outputs with random factors, so its gradient by the output is those factors. Some inputs and
    /// some values of every parameter are moved a little each way.
    /// </summary>
    public static void Run(TrainableLayer layer, FloatTensor input, DoubleLayer reference, Random random, string what, int samples = 6)
    {
        double[] x = Array.ConvertAll(input.Data.ToArray(), static v => (double)v);
        var parameters = new double[layer.Parameters.Count][];
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i] = Array.ConvertAll(layer.Parameters[i].Values.ToArray(), static v => (double)v);
        }

        double[] expected = reference(x, parameters);
        FloatTensor output = layer.Forward(input);
        for (int i = 0; i < expected.Length; i++)
        {
            Near(expected[i], output.Data[i], $"output {i} of {what}");
        }

        var factors = new FloatTensor(output.Shape, TrainingData.Floats(random, output.Shape.Count));
        foreach (Parameter parameter in layer.Parameters)
        {
            parameter.ZeroGradient();
        }

        FloatTensor inputGradient = layer.Backward(factors);
        Compare(x, inputGradient.Data, "the input");
        for (int i = 0; i < parameters.Length; i++)
        {
            Compare(parameters[i], layer.Parameters[i].Gradient, layer.Parameters[i].Name);
        }

        void Compare(double[] values, ReadOnlySpan<float> gradient, string name)
        {
            for (int sample = 0; sample < samples; sample++)
            {
                int i = random.Next(values.Length);
                double before = values[i];
                values[i] = before + Step;
                double above = Loss();
                values[i] = before - Step;
                double below = Loss();
                values[i] = before;
                Near((above - below) / (2 * Step), gradient[i], $"gradient by {name} {i} of {what}");
            }
        }

        double Loss()
        {
            double[] y = reference(x, parameters);
            double loss = 0;
            for (int i = 0; i < y.Length; i++)
            {
                loss += y[i] * factors.Data[i];
            }

            return loss;
        }
    }

    private static void Near(double expected, float actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= Tolerance * (1 + Math.Abs(expected)), $"{what}: expected {expected}, got {actual}");
}
