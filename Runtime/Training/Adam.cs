using System;
using System.Collections.Generic;
using System.Numerics;

namespace Kernels.Training;

/// <summary>
/// PyTorch's <c>torch.optim.Adam</c>, in float32, for step t = 1, 2, ...:
/// <code>
/// g = gradient + weight_decay * p
/// m = m + (1 - beta1) * (g - m)
/// v = beta2 * v + (1 - beta2) * g * g
/// p = p - lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
/// </code>
/// </summary>
public sealed class Adam : Optimizer
{
    private readonly float[][] _means;
    private readonly float[][] _squares;
    private int _step;
    private float _stepSize;
    private float _squareRoot;

    /// <summary>Makes an optimizer.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="learningRate">PyTorch's <c>lr</c>.</param>
    /// <param name="beta1">Decay of the gradient's mean: at least 0 and below 1.</param>
    /// <param name="beta2">Decay of its square's mean: at least 0 and below 1.</param>
    /// <param name="eps">Added to the denominator: at least 0.</param>
    /// <param name="weightDecay">Added to the gradient times the value.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public Adam(
        IReadOnlyList<Parameter> parameters,
        float learningRate = 1e-3f,
        float beta1 = 0.9f,
        float beta2 = 0.999f,
        float eps = 1e-8f,
        float weightDecay = 0)
        : base(parameters, learningRate, weightDecay)
    {
        Beta1 = Share(beta1, nameof(beta1));
        Beta2 = Share(beta2, nameof(beta2));
        Eps = NotNegative(eps, nameof(eps));
        _means = State();
        _squares = State();
    }

    /// <summary>Decay of the gradient's mean.</summary>
    public float Beta1 { get; }

    /// <summary>Decay of its square's mean.</summary>
    public float Beta2 { get; }

    /// <summary>Added to the denominator.</summary>
    public float Eps { get; }

    private protected override void StartStep()
    {
        _step++;
        _stepSize = (float)(LearningRate / (1 - Math.Pow(Beta1, _step)));
        _squareRoot = (float)Math.Sqrt(1 - Math.Pow(Beta2, _step));
    }

    private protected override void Update(int index, Span<float> values, ReadOnlySpan<float> gradient)
    {
        Span<float> means = _means[index];
        Span<float> squares = _squares[index];
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = new Vector<float>(values[i..]);
            Vector<float> g = new Vector<float>(gradient[i..]) + value * WeightDecay;
            var mean = new Vector<float>(means[i..]);
            mean += (g - mean) * (1 - Beta1);
            Vector<float> square = new Vector<float>(squares[i..]) * Beta2 + g * g * (1 - Beta2);
            mean.CopyTo(means[i..]);
            square.CopyTo(squares[i..]);
            (value - mean / (Vector.SquareRoot(square) / new Vector<float>(_squareRoot) + new Vector<float>(Eps)) * _stepSize).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            float g = gradient[i] + values[i] * WeightDecay;
            means[i] += (g - means[i]) * (1 - Beta1);
            squares[i] = squares[i] * Beta2 + g * g * (1 - Beta2);
            values[i] -= means[i] / (MathF.Sqrt(squares[i]) / _squareRoot + Eps) * _stepSize;
        }
    }
}
