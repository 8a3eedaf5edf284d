using System;
using Kernels.Training;
using Xunit;

namespace Kernels.Tests.Training;

/// <summary>PyTorch's update formulas, by hand.</summary>
public class OptimizerTests
{
    [Fact]
    public void Sgd_goes_down_the_gradient() => AssertSteps(p => new Sgd([p], 0.1f), 0.9, 0.8, 0.7);

    [Fact]
    public void Sgd_momentum_starts_with_the_gradient_itself() => AssertSteps(p => new Sgd([p], 0.1f, momentum: 0.9f), 0.9, 0.71, 0.439);

    [Fact]
    public void Sgd_dampening_spares_the_first_step() => AssertSteps(p => new Sgd([p], 0.1f, momentum: 0.9f, dampening: 0.5f), 0.9, 0.76, 0.584);

    [Fact]
    public void Sgd_nesterov_looks_ahead() => AssertSteps(p => new Sgd([p], 0.1f, momentum: 0.9f, nesterov: true), 0.81, 0.539, 0.1951);

    [Fact]
    public void Sgd_weight_decay_pulls_towards_zero() => AssertSteps(p => new Sgd([p], 0.1f, weightDecay: 0.5f), 0.85, 0.7075, 0.572125);

    [Fact]
    public void Adam_with_a_steady_gradient_steps_by_its_learning_rate() => AssertSteps(p => new Adam([p], 0.1f), 0.9, 0.8, 0.7);

    [Fact]
    public void Adam_defaults_are_PyTorchs()
    {
        var adam = new Adam([new Parameter("p", [1])]);

        Assert.Equal((1e-3f, 0.9f, 0.999f, 1e-8f, 0f), (adam.LearningRate, adam.Beta1, adam.Beta2, adam.Eps, adam.WeightDecay));
    }

    [Fact]
    public void Adam_follows_its_formula_for_changing_gradients_in_vectors_and_their_rest()
    {
        const int Count = 21;
        var random = new Random(1);
        float[] start = TrainingData.Floats(random, Count);
        var parameter = new Parameter("p", start);
        var adam = new Adam([parameter], 0.01f, 0.8f, 0.95f, 1e-3f, 0.1f);
        double[] p = Array.ConvertAll(start, static v => (double)v);
        var m = new double[Count];
        var v = new double[Count];
        for (int t = 1; t <= 5; t++)
        {
            float[] gradient = TrainingData.Floats(random, Count);
            gradient.CopyTo(parameter.Gradient);
            adam.Step();
            for (int i = 0; i < Count; i++)
            {
                double g = gradient[i] + 0.1 * p[i];
                m[i] = 0.8 * m[i] + 0.2 * g;
                v[i] = 0.95 * v[i] + 0.05 * g * g;
                p[i] -= 0.01 * (m[i] / (1 - Math.Pow(0.8, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.95, t))) + 1e-3);
                Assert.Equal(p[i], parameter.Values[i], 1e-5);
            }
        }
    }

    [Fact]
    public void Zero_gradient_reaches_every_parameter()
    {
        Parameter[] parameters = [new("a", [1, 2]), new("b", [3])];
        parameters[0].Gradient.Fill(1);
        parameters[1].Gradient.Fill(1);
        new Sgd(parameters).ZeroGradient();

        Assert.Equal([0, 0], parameters[0].Gradient.ToArray());
        Assert.Equal([0], parameters[1].Gradient.ToArray());
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        var parameter = new Parameter("p", [1]);

        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd([parameter], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd([parameter], float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd([parameter], weightDecay: -1));
        Assert.Throws<ArgumentException>(() => new Sgd([parameter], nesterov: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam([parameter], beta1: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam([parameter], beta2: -0.1f));
    }

    /// <summary>Starts at 1 with a gradient of 1 in every step; ten equal values, so that a vector and its rest are both seen.</summary>
    private static void AssertSteps(Func<Parameter, Optimizer> make, params double[] expected)
    {
        var start = new float[10];
        start.AsSpan().Fill(1);
        var parameter = new Parameter("p", start);
        Optimizer optimizer = make(parameter);
        foreach (double value in expected)
        {
            parameter.Gradient.Fill(1);
            optimizer.Step();
            Assert.All(parameter.Values.ToArray(), v => Assert.Equal(value, v, 2e-6));
        }
    }
}
