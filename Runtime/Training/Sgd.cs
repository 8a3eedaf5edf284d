using System;
using System.Collections.Generic;
using System.Numerics;

namespace Kernels.Training;

/// <summary>
/// PyTorch's <c>torch.optim.SGD</c>, in float32:
/// <code>
/// g = gradient + weight_decay * p
/// b = g at the first step, then momentum * b + (1 - dampening) * g     (only with momentum)
/// g = nesterov ? g + momentum * b : b                                  (only with momentum)
/// p = p - lr * g
/// </code>
/// </summary>
public sealed class Sgd : Optimizer
{
    private readonly float[][] _momenta;
    private bool _hasStepped;

    /// <summary>Makes an optimizer.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="learningRate">PyTorch's <c>lr</c>.</param>
    /// <param name="momentum">Share of the last step's direction that is kept: at least 0.</param>
    /// <param name="dampening">What the new gradient loses when there is momentum.</param>
    /// <param name="weightDecay">Added to the gradient times the value.</param>
    /// <param name="nesterov">Looks ahead along the momentum; needs momentum and no dampening.</param>
    /// <exception cref="ArgumentException">A number is out of range, or Nesterov's is asked for without momentum or with dampening.</exception>
    public Sgd(
        IReadOnlyList<Parameter> parameters,
        float learningRate = 1e-3f,
        float momentum = 0,
        float dampening = 0,
        float weightDecay = 0,
        bool nesterov = false)
        : base(parameters, learningRate, weightDecay)
    {
        Momentum = NotNegative(momentum, nameof(momentum));
        Dampening = float.IsFinite(dampening) ? dampening : throw new ArgumentOutOfRangeException(nameof(dampening), dampening, "The value must be finite.");
        Nesterov = nesterov;
        if (nesterov && (momentum == 0 || dampening != 0))
        {
            throw new ArgumentException("Nesterov's momentum needs a momentum above 0 and no dampening.", nameof(nesterov));
        }

        _momenta = momentum == 0 ? [] : State();
    }

    /// <summary>Share of the last step's direction that is kept.</summary>
    public float Momentum { get; }

    /// <summary>What the new gradient loses when there is momentum.</summary>
    public float Dampening { get; }

    /// <summary>Whether the step looks ahead along the momentum.</summary>
    public bool Nesterov { get; }

    private protected override void StartStep()
    {
        IsFirst = !_hasStepped;
        _hasStepped = true;
    }

    private bool IsFirst { get; set; }

    private protected override void Update(int index, Span<float> values, ReadOnlySpan<float> gradient)
    {
        Span<float> momenta = Momentum == 0 ? default : _momenta[index];
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = new Vector<float>(values[i..]);
            Vector<float> step = new Vector<float>(gradient[i..]) + value * WeightDecay;
            if (Momentum != 0)
            {
                Vector<float> momentum = IsFirst ? step : new Vector<float>(momenta[i..]) * Momentum + step * (1 - Dampening);
                momentum.CopyTo(momenta[i..]);
                step = Nesterov ? step + momentum * Momentum : momentum;
            }

            (value - step * LearningRate).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            float step = gradient[i] + values[i] * WeightDecay;
            if (Momentum != 0)
            {
                momenta[i] = IsFirst ? step : momenta[i] * Momentum + step * (1 - Dampening);
                step = Nesterov ? step + momenta[i] * Momentum : momenta[i];
            }

            values[i] -= step * LearningRate;
        }
    }
}
