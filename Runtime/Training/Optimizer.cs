using System;
using System.Collections.Generic;

namespace Kernels.Training;

/// <summary>Changes parameters along their gradients, as PyTorch's <c>torch.optim.Optimizer</c>. An instance keeps its own state for each parameter.</summary>
public abstract class Optimizer
{
    private readonly Parameter[] _parameters;

    /// <summary>Keeps the parameters.</summary>
    /// <param name="parameters">What to change, for example <see cref="TrainableLayer.Parameters"/>.</param>
    /// <param name="learningRate">PyTorch's <c>lr</c>: at least 0 and finite.</param>
    /// <param name="weightDecay">PyTorch's <c>weight_decay</c>, added to the gradient times the value: at least 0 and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    private protected Optimizer(IReadOnlyList<Parameter> parameters, float learningRate, float weightDecay)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = [.. parameters];
        LearningRate = learningRate;
        WeightDecay = NotNegative(weightDecay, nameof(weightDecay));
    }

    /// <summary>The size of a step: at least 0 and finite. Schedules set it between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public float LearningRate
    {
        get;
        set => field = NotNegative(value, nameof(LearningRate));
    }

    /// <summary>What is added to the gradient for each unit of the value.</summary>
    public float WeightDecay { get; }

    /// <summary>Changes every parameter once.</summary>
    public void Step()
    {
        StartStep();
        for (int i = 0; i < _parameters.Length; i++)
        {
            Update(i, _parameters[i].Values, _parameters[i].Gradient);
        }
    }

    /// <summary>PyTorch's <c>zero_grad</c>: forgets the gradients, before the backward pass of the next batch.</summary>
    public void ZeroGradient()
    {
        foreach (Parameter parameter in _parameters)
        {
            parameter.ZeroGradient();
        }
    }

    /// <summary>Called once before the parameters of a step are updated.</summary>
    private protected virtual void StartStep()
    {
    }

    /// <summary>Updates one parameter.</summary>
    private protected abstract void Update(int index, Span<float> values, ReadOnlySpan<float> gradient);

    /// <summary>An array of zeros for each parameter.</summary>
    private protected float[][] State() => Array.ConvertAll(_parameters, static p => new float[p.Count]);

    private protected static float NotNegative(float value, string name) => value >= 0 && float.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "The value must be at least 0 and finite.");

    private protected static float Share(float value, string name) => value is >= 0 and < 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "The value must be at least 0 and below 1.");
}
