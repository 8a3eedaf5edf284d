using System;
using System.Collections.Generic;
using Kernels.Layers;

namespace Kernels.Training;

/// <summary>
/// PyTorch's <c>nn.BatchNorm2d</c>: normalises with the statistics of the batch and moves the running ones towards them; frozen, it
/// uses the running ones and leaves them alone. Weight and bias are parameters either way.
/// </summary>
public sealed class TrainableBatchNorm2d : TrainableLayer
{
    private readonly float _epsilon;
    private readonly float[] _runningMean;
    private readonly float[] _runningVariance;
    private readonly double[] _mean;
    private readonly double[] _inverse;
    private bool _usedBatch;

    /// <summary>Makes the layer.</summary>
    /// <param name="start">Running statistics, weight and bias to start with.</param>
    /// <param name="momentum">Weight of each new batch in the running statistics: above 0, at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The momentum is out of range.</exception>
    public TrainableBatchNorm2d(BatchNormParameters start, float momentum = 0.1f)
    {
        ArgumentNullException.ThrowIfNull(start);
        Momentum = momentum is > 0 and <= 1
            ? momentum
            : throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "The momentum must be above 0 and at most 1.");
        Weight = new Parameter("weight", start.Weight);
        Bias = new Parameter("bias", start.Bias);
        Parameters = [Weight, Bias];
        _epsilon = start.Epsilon;
        _runningMean = start.Mean.ToArray();
        _runningVariance = start.Variance.ToArray();
        _mean = new double[_runningMean.Length];
        _inverse = new double[_runningMean.Length];
    }

    /// <summary>Scale of each channel.</summary>
    public Parameter Weight { get; }

    /// <summary>Offset of each channel.</summary>
    public Parameter Bias { get; }

    /// <summary>Weight of each new batch in the running statistics.</summary>
    public float Momentum { get; }

    /// <summary>Whether the running statistics are used and left alone, as in PyTorch's <c>eval()</c> and <c>freeze_bn_stats</c>. False at first.</summary>
    public bool IsFrozen { get; set; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    private int Channels => _runningMean.Length;

    /// <summary>The batch norm as it is now, for inference.</summary>
    /// <returns>A copy of running statistics, weight and bias.</returns>
    public BatchNormParameters ToParameters() => new(_runningMean, _runningVariance, Weight.Values, Bias.Values, _epsilon);

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input)
    {
        input.Checked(nameof(input));
        return input.C == Channels
            ? input
            : throw new ArgumentException($"The batch norm has {Channels} channels, but the input is {input}.", nameof(input));
    }

    /// <inheritdoc/>
    protected override void Compute(FloatTensor input, FloatTensor output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        _usedBatch = !IsFrozen;
        if (!_usedBatch)
        {
            for (int c = 0; c < Channels; c++)
            {
                _mean[c] = _runningMean[c];
                _inverse[c] = 1 / Math.Sqrt((double)_runningVariance[c] + _epsilon);
            }

            // In inference's own arithmetic, so that what is rounded behind it is the same.
            new FloatBatchNorm2d(ToParameters()).Run(input.Data, input.Shape.N, input.Shape.H, input.Shape.W, output.Data);
            return;
        }

        Measure(input);
        var factors = new float[Channels];
        var offsets = new float[Channels];
        for (int c = 0; c < Channels; c++)
        {
            factors[c] = (float)(_inverse[c] * Weight.Values[c]);
            offsets[c] = (float)(Bias.Values[c] - _mean[c] * _inverse[c] * Weight.Values[c]);
        }

        ReadOnlySpan<float> x = input.Data;
        Span<float> y = output.Data;
        for (int i = 0; i < x.Length; i += Channels)
        {
            for (int c = 0; c < factors.Length; c++)
            {
                y[i + c] = x[i + c] * factors[c] + offsets[c];
            }
        }
    }

    /// <inheritdoc/>
    protected override void Propagate(FloatTensor input, FloatTensor output, FloatTensor outputGradient, FloatTensor? inputGradient)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(outputGradient);
        ReadOnlySpan<float> x = input.Data;
        ReadOnlySpan<float> dy = outputGradient.Data;
        var sums = new double[Channels];
        var products = new double[Channels];
        for (int i = 0; i < x.Length; i += Channels)
        {
            for (int c = 0; c < sums.Length; c++)
            {
                sums[c] += dy[i + c];
                products[c] += dy[i + c] * ((x[i + c] - _mean[c]) * _inverse[c]);
            }
        }

        for (int c = 0; c < sums.Length; c++)
        {
            Weight.Gradient[c] += (float)products[c];
            Bias.Gradient[c] += (float)sums[c];
        }

        if (inputGradient is null)
        {
            return;
        }

        // The batch's own mean and variance move with every input: their share is subtracted.
        double share = _usedBatch ? 1.0 / (x.Length / Channels) : 0;
        Span<float> dx = inputGradient.Data;
        for (int i = 0; i < x.Length; i += Channels)
        {
            for (int c = 0; c < sums.Length; c++)
            {
                double normalized = (x[i + c] - _mean[c]) * _inverse[c];
                dx[i + c] = (float)(Weight.Values[c] * _inverse[c] * (dy[i + c] - share * (sums[c] + normalized * products[c])));
            }
        }
    }

    /// <summary>Takes the statistics of a batch and moves the running ones: biased variance for the batch, unbiased for the running one, as PyTorch.</summary>
    private void Measure(FloatTensor input)
    {
        ReadOnlySpan<float> x = input.Data;
        int count = x.Length / Channels;
        if (count < 2)
        {
            throw new ArgumentException($"The statistics of a batch need more than one value a channel, but the input is {input.Shape}: freeze the batch norm or give larger batches.", nameof(input));
        }

        ChannelSums.Of(x, _mean);
        for (int c = 0; c < Channels; c++)
        {
            _mean[c] /= count;
        }

        var squares = new double[Channels];
        for (int i = 0; i < x.Length; i += Channels)
        {
            for (int c = 0; c < squares.Length; c++)
            {
                double difference = x[i + c] - _mean[c];
                squares[c] += difference * difference;
            }
        }

        for (int c = 0; c < Channels; c++)
        {
            _inverse[c] = 1 / Math.Sqrt(squares[c] / count + _epsilon);
            _runningMean[c] += Momentum * ((float)_mean[c] - _runningMean[c]);
            _runningVariance[c] += Momentum * ((float)(squares[c] / (count - 1)) - _runningVariance[c]);
        }
    }
}
