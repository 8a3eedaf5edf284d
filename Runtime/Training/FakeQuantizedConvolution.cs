using System;
using System.Collections.Generic;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Quantization;
using Kernels.Training.Nodes;

namespace Kernels.Training;

/// <summary>
/// A convolution that trains as its int8 twin will run: weights are rounded to their codes, then the output is, and gradients go
/// straight through the rounding inside the range. Conv2d and ConvTranspose2d alike, with their fused activation, and with a batch norm
/// between the two, which is folded into the weights before they are rounded (PyTorch's <c>ConvBnReLU2d</c>; it has none for
/// ConvTranspose2d).
/// </summary>
/// <remarks>
/// Where the input is rounded, too, the forward pass computes with codes, which float32 sums exactly, and ends with the int8 layer's own
/// arithmetic: the output has the very codes of the converted layer, unless a sum exceeds 2^24.
/// </remarks>
public sealed class FakeQuantizedConvolution : TrainableLayer
{
    private readonly ConvolutionOperator _operator;
    private readonly FloatLayer? _activation;
    private readonly ValueRounding _input;
    private readonly ValueRounding _output;
    private readonly FakeQuantizedWeight _rounding;
    private readonly float[] _folded;
    private readonly float[] _rounded;
    private readonly float[] _differences;
    private readonly float[] _weightGradient;
    private readonly BatchNormFolding? _folding;
    private readonly TensorBuffer _inputDifferences = new();
    private readonly TensorBuffer _accumulators = new();
    private readonly TensorBuffer _sums = new();
    private readonly TensorBuffer _activated = new();
    private readonly TensorBuffer _gradient = new();
    private bool _usedBatch;

    /// <summary>Makes the layer; weights and bias are copied.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="weight">Start weights, of shape <see cref="ConvolutionSpec.WeightShape"/>.</param>
    /// <param name="bias">Start bias, one an output channel; empty when the layer has none.</param>
    /// <param name="input">What the input was rounded by, of quint8.</param>
    /// <param name="weightFakeQuantize">Rounds the weights, of qint8.</param>
    /// <param name="output">Rounds the output, of quint8.</param>
    /// <param name="batchNorm">The batch norm between the convolution and its activation; nothing when there is none.</param>
    /// <exception cref="ArgumentException">Weight, bias or batch norm do not fit the layer, or a fake quantization is of the wrong type.</exception>
    public FakeQuantizedConvolution(
        ConvolutionSpec spec,
        FloatWeight weight,
        ReadOnlySpan<float> bias,
        FakeQuantize input,
        FakeQuantize weightFakeQuantize,
        FakeQuantize output,
        TrainableBatchNorm2d? batchNorm = null)
        : this(spec, weight, bias, new ValueRounding(input), weightFakeQuantize, new ValueRounding(output), batchNorm)
    {
    }

    internal FakeQuantizedConvolution(
        ConvolutionSpec spec,
        FloatWeight weight,
        ReadOnlySpan<float> bias,
        ValueRounding input,
        FakeQuantize weightFakeQuantize,
        ValueRounding output,
        TrainableBatchNorm2d? batchNorm)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(weight);
        ConvolutionChecks.Check(spec, weight.Shape);
        ConvolutionChecks.CheckBias(spec, bias.Length);
        Check(input.FakeQuantize, QuantizedDtype.Quint8, nameof(input));
        Check(weightFakeQuantize, QuantizedDtype.Qint8, nameof(weightFakeQuantize));
        Check(output.FakeQuantize, QuantizedDtype.Quint8, nameof(output));
        _input = input;
        _output = output;
        _rounding = new FakeQuantizedWeight(spec, weightFakeQuantize);
        if (batchNorm is not null && (!spec.HasBias || batchNorm.Weight.Count != spec.OutChannels))
        {
            throw new ArgumentException(
                $"A batch norm becomes part of weights and bias: the layer needs a bias and as many channels, but {(spec.HasBias ? "has" : "has no bias and")} "
                + $"{spec.OutChannels} outputs, and the batch norm {batchNorm.Weight.Count} channels.",
                nameof(batchNorm));
        }

        Spec = spec;
        BatchNorm = batchNorm;
        Weight = new Parameter("weight", weight.Data);
        Bias = spec.HasBias ? new Parameter("bias", bias) : null;
        _operator = new ConvolutionOperator(spec);
        _activation = FusedActivation.Of(spec);
        _folded = new float[Weight.Count];
        _rounded = new float[Weight.Count];
        _differences = new float[Weight.Count];
        _weightGradient = new float[Weight.Count];
        _folding = batchNorm is null ? null : new BatchNormFolding(spec, batchNorm, Weight, Bias!);
        var parameters = new List<Parameter> { Weight };
        if (Bias is not null)
        {
            parameters.Add(Bias);
        }

        parameters.AddRange(batchNorm?.Parameters ?? []);
        Parameters = parameters;
    }

    /// <summary>The layer's shape.</summary>
    public ConvolutionSpec Spec { get; }

    /// <summary>The weights in PyTorch's order, not rounded, before the batch norm is folded in.</summary>
    public Parameter Weight { get; }

    /// <summary>The bias, one an output channel; null when the layer has none.</summary>
    public Parameter? Bias { get; }

    /// <summary>The batch norm between the convolution and its activation; null when there is none.</summary>
    public TrainableBatchNorm2d? BatchNorm { get; }

    /// <summary>The functions of <see cref="ConvolutionSpec.Epilogue"/>; null when there are none.</summary>
    internal TrainableEpilogue? Epilogue { get; init; }

    /// <summary>Rounds the weights.</summary>
    public FakeQuantize WeightFakeQuantize => _rounding.FakeQuantize;

    /// <summary>Rounds the output.</summary>
    public FakeQuantize OutputFakeQuantize => _output.FakeQuantize;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

    /// <summary>The float layer with the batch norm folded in: what the int8 layer approximates.</summary>
    /// <returns>A copy of weights and bias.</returns>
    public FusedConvolution ToFloat() => _folding is null
        ? new FusedConvolution(Spec, new FloatWeight(Spec.WeightShape, Weight.Values.ToArray()), Bias is null ? [] : Bias.Values.ToArray())
        : _folding.ToFloat();

    /// <summary>The int8 weights, with the scales of the last forward pass.</summary>
    /// <returns>New weights.</returns>
    /// <exception cref="InvalidOperationException">No forward pass has observed the weights.</exception>
    public QuantizedWeight Quantize() => WeightFakeQuantize.Observer.HasObserved
        ? _rounding.Quantize(ToFloat().Weight.Data)
        : throw new InvalidOperationException("The weights have no scale yet: run a forward pass with the observers on, then convert.");

    /// <inheritdoc/>
    protected override void Compute(FloatTensor input, FloatTensor output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        Shape4 shape = output.Shape;
        FloatTensor sums = _sums.Take(shape);
        _usedBatch = BatchNorm is { IsFrozen: false };
        float[] bias = Fold();
        _rounding.Forward(_folded, _rounded);
        QuantizedWeight? quantized = null;
        if (_usedBatch)
        {
            FloatTensor scaled = _accumulators.Take(shape);
            _operator.Forward(_rounded, default, input, scaled);
            _folding!.Normalize(scaled, sums);
        }
        else if (_input.IsRounded && WeightFakeQuantize.FakeQuantEnabled)
        {
            quantized = _rounding.Quantize(_folded);
            Accumulate(input, quantized, bias, sums);
        }
        else
        {
            _operator.Forward(_rounded, bias, input, sums);
        }

        FloatTensor activated = sums;
        if (Epilogue is not null)
        {
            activated = _activated.Take(shape);
            Epilogue.Forward(sums, activated);
        }
        else if (_activation is not null)
        {
            activated = _activated.Take(shape);
            _activation.Run(sums.Data, shape.N, shape.H, shape.W, activated.Data);
        }

        _output.Forward(activated.Data, output.Data);
        if (quantized is not null && _output.IsRounded && Epilogue is null)
        {
            QuantizationParameters codes = _output.Parameters;
            ObserverSettings settings = OutputFakeQuantize.Observer.Settings;
            Requantizer requantizer = Requantizer.Create(Spec, quantized.Quantization, bias, _input.Parameters, codes);
            SimulatedEpilogue.Requantize(_accumulators.Take(shape).Data, requantizer, codes, settings.Lowest, settings.Highest, output.Data);
        }
    }

    /// <inheritdoc/>
    protected override void Propagate(FloatTensor input, FloatTensor output, FloatTensor outputGradient, FloatTensor? inputGradient)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(outputGradient);
        FloatTensor sums = _sums.Take(output.Shape);
        FloatTensor gradient = _gradient.Take(output.Shape);
        FloatTensor activated = _activation is null && Epilogue is null ? sums : _activated.Take(output.Shape);
        _output.Backward(activated.Data, outputGradient.Data, gradient.Data);
        _activation?.Backward(sums, activated, gradient, gradient);
        Epilogue?.Backward(gradient);
        if (_usedBatch)
        {
            gradient = _folding!.NormalizeBackward(_accumulators.Take(output.Shape), gradient);
        }
        else
        {
            AddBiasGradient(gradient);
        }

        _weightGradient.AsSpan().Clear();
        _operator.AddWeightGradient(input, gradient, _weightGradient);
        _rounding.Backward(_folded, _weightGradient);
        AddWeightGradient();
        if (inputGradient is not null)
        {
            _operator.InputGradient(_rounded, gradient, inputGradient);
        }
    }

    private static void Check(FakeQuantize fakeQuantize, QuantizedDtype dtype, string name)
    {
        ArgumentNullException.ThrowIfNull(fakeQuantize, name);
        if (fakeQuantize.Observer.Settings.Dtype != dtype)
        {
            throw new ArgumentException($"The observer must be one of {dtype}, but is of {fakeQuantize.Observer.Settings.Dtype}.", name);
        }
    }

    /// <summary>The weights of this pass, with the batch norm's factors; returns the bias of the folded layer.</summary>
    private float[] Fold()
    {
        if (_folding is null)
        {
            Weight.Values.CopyTo(_folded);
            return Bias is null ? [] : Bias.Values.ToArray();
        }

        _folding.Scale(_folded);
        return _usedBatch ? [] : _folding.ToFloat().Bias;
    }

    /// <summary>The sums of the int8 layer: exact accumulators of codes, then their real values.</summary>
    private void Accumulate(FloatTensor input, QuantizedWeight weight, float[] bias, FloatTensor sums)
    {
        QuantizationParameters inputCodes = _input.Parameters;
        FloatTensor differences = _inputDifferences.Take(input.Shape);
        SimulatedEpilogue.Differences(input.Data, inputCodes.Scale, differences.Data);
        _rounding.Differences(weight, _differences);
        FloatTensor accumulators = _accumulators.Take(sums.Shape);
        _operator.Forward(_differences, default, differences, accumulators);

        var scales = new float[Spec.OutChannels];
        var scaledBias = new float[Spec.OutChannels];
        for (int c = 0; c < scales.Length; c++)
        {
            scales[c] = inputCodes.Scale * weight.Quantization[c].Scale;
            scaledBias[c] = bias.Length == 0 ? 0 : bias[c] / scales[c];
        }

        SimulatedEpilogue.Real(accumulators.Data, scaledBias, scales, sums.Data);
    }

    private void AddBiasGradient(FloatTensor gradient)
    {
        var sums = new double[Spec.OutChannels];
        ChannelSums.Of(gradient.Data, sums);
        if (_folding is not null)
        {
            _folding.FoldedBiasBackward(sums);
            return;
        }

        for (int c = 0; Bias is not null && c < sums.Length; c++)
        {
            Bias.Gradient[c] += (float)sums[c];
        }
    }

    private void AddWeightGradient()
    {
        if (_folding is not null)
        {
            _folding.ScaleBackward(_weightGradient);
            return;
        }

        Span<float> target = Weight.Gradient;
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += _weightGradient[i];
        }
    }
}
