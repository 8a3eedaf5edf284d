using System;
using System.IO;
using Kernels.Models;

namespace Kernels.Quantization;

/// <summary>
/// PyTorch's <c>FakeQuantize</c>: observes what passes, then rounds it to what its codes stand for, so that training meets
/// quantization's error. Per tensor or per channel as its observer is. Both halves can be switched off.
/// </summary>
/// <param name="observer">Derives the parameters; its settings give the lowest and highest code.</param>
public sealed class FakeQuantize(IObserver observer)
{
    private QuantizationParameters[] _parameters = Start(observer);

    /// <summary>The observer that derives the parameters.</summary>
    public IObserver Observer { get; } = observer ?? throw new ArgumentNullException(nameof(observer));

    /// <summary>PyTorch's <c>observer_enabled</c>: whether a forward pass observes and updates the parameters. True at first.</summary>
    public bool ObserverEnabled { get; set; } = true;

    /// <summary>PyTorch's <c>fake_quant_enabled</c>: whether a forward pass rounds; otherwise values pass as they are. True at first.</summary>
    public bool FakeQuantEnabled { get; set; } = true;

    /// <summary>Scale and zero point of the last forward pass that observed: one pair, or one for each channel; before, what the observer fixes, or scale 1 and zero point 0.</summary>
    public ReadOnlySpan<QuantizationParameters> Parameters => _parameters;

    /// <summary>Observes and rounds values of one scale.</summary>
    /// <param name="input">Real values.</param>
    /// <param name="output">Receives as many values; may be the input.</param>
    /// <exception cref="ArgumentException">The observer refuses the values, or the output is too short.</exception>
    /// <exception cref="InvalidOperationException">The observer is per channel.</exception>
    public void Forward(ReadOnlySpan<float> input, Span<float> output)
    {
        CheckLength(input.Length, output.Length);
        if (ObserverEnabled)
        {
            Observer.Observe(input);
            _parameters = [Observer.CalculateQuantizationParameters()];
        }
        else if (Observer is IPerChannelObserver && _parameters.Length > 1)
        {
            throw new InvalidOperationException("There is a scale for each channel: give a tensor, or values with a layout.");
        }

        if (FakeQuantEnabled)
        {
            FakeQuantizer.Forward(input, _parameters[0], Observer.Settings.Lowest, Observer.Settings.Highest, output);
        }
        else
        {
            input.CopyTo(output);
        }
    }

    /// <summary>Observes and rounds values whose channels are known, such as weights. A per-tensor observer ignores the channels.</summary>
    /// <param name="input">Real values.</param>
    /// <param name="layout">Which channel each of them belongs to.</param>
    /// <param name="output">Receives as many values; may be the input.</param>
    /// <exception cref="ArgumentException">The observer refuses the values, the layout does not fit, or the output is too short.</exception>
    public void Forward(ReadOnlySpan<float> input, ChannelLayout layout, Span<float> output)
    {
        CheckLength(input.Length, output.Length);
        layout.Check(input.Length);
        if (Observer is not IPerChannelObserver perChannel)
        {
            Forward(input, output);
            return;
        }

        if (ObserverEnabled)
        {
            perChannel.Observe(input, layout);
            _parameters = perChannel.CalculateChannelQuantizationParameters();
        }

        if (!FakeQuantEnabled)
        {
            input.CopyTo(output);
            return;
        }

        CheckChannels(layout);
        for (int start = 0; start < input.Length; start += layout.Inner)
        {
            FakeQuantizer.Forward(
                input.Slice(start, layout.Inner),
                OfBlock(layout, start / layout.Inner),
                Observer.Settings.Lowest,
                Observer.Settings.Highest,
                output.Slice(start, layout.Inner));
        }
    }

    /// <summary>Observes and rounds a tensor; a per-channel observer's axis says what its channels are.</summary>
    /// <param name="input">Real values.</param>
    /// <returns>A new tensor of the same shape.</returns>
    /// <exception cref="ArgumentException">The observer refuses the values.</exception>
    public FloatTensor Forward(FloatTensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var output = new FloatTensor(input.Shape);
        if (Observer is IPerChannelObserver perChannel)
        {
            Forward(input.Data, ChannelLayout.Activation(input.Shape, perChannel.ChannelAxis), output.Data);
        }
        else
        {
            Forward(input.Data, output.Data);
        }

        return output;
    }

    /// <summary>The straight-through gradient of the last forward pass: 0 where a code was clamped.</summary>
    /// <param name="input">The values given to the forward pass.</param>
    /// <param name="outputGradient">The gradient of the loss by the output.</param>
    /// <param name="inputGradient">Receives the gradient by the input; may be the output's.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="InvalidOperationException">There is a scale for each channel.</exception>
    public void Backward(ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        CheckLength(input.Length, Math.Min(outputGradient.Length, inputGradient.Length));
        if (_parameters.Length > 1)
        {
            throw new InvalidOperationException("There is a scale for each channel: give the layout, too.");
        }

        if (FakeQuantEnabled)
        {
            FakeQuantizer.Backward(input, outputGradient, _parameters[0], Observer.Settings.Lowest, Observer.Settings.Highest, inputGradient);
        }
        else
        {
            outputGradient[..input.Length].CopyTo(inputGradient);
        }
    }

    /// <summary>The straight-through gradient of the last forward pass: 0 where a code was clamped.</summary>
    /// <param name="input">The values given to the forward pass.</param>
    /// <param name="outputGradient">The gradient of the loss by the output.</param>
    /// <param name="layout">Which channel each value belongs to.</param>
    /// <param name="inputGradient">Receives the gradient by the input; may be the output's.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the layout does not fit.</exception>
    public void Backward(ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, ChannelLayout layout, Span<float> inputGradient)
    {
        CheckLength(input.Length, Math.Min(outputGradient.Length, inputGradient.Length));
        layout.Check(input.Length);
        if (Observer is not IPerChannelObserver || !FakeQuantEnabled)
        {
            if (FakeQuantEnabled)
            {
                Backward(input, outputGradient, inputGradient);
            }
            else
            {
                outputGradient[..input.Length].CopyTo(inputGradient);
            }

            return;
        }

        CheckChannels(layout);
        for (int start = 0; start < input.Length; start += layout.Inner)
        {
            FakeQuantizer.Backward(
                input.Slice(start, layout.Inner),
                outputGradient.Slice(start, layout.Inner),
                OfBlock(layout, start / layout.Inner),
                Observer.Settings.Lowest,
                Observer.Settings.Highest,
                inputGradient.Slice(start, layout.Inner));
        }
    }

    /// <summary>Forgets everything observed, and the parameters. The switches stay.</summary>
    public void Reset()
    {
        Observer.Reset();
        _parameters = Start(Observer);
    }

    /// <summary>Writes parameters, switches and the observer's state, under PyTorch's names.</summary>
    /// <param name="writer">The file to come.</param>
    /// <param name="prefix">What the names start with.</param>
    public void SaveState(SafetensorsWriter writer, string prefix)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Add(prefix + "scale", [_parameters.Length], Array.ConvertAll(_parameters, static p => p.Scale));
        writer.Add(prefix + "zero_point", [_parameters.Length], Array.ConvertAll(_parameters, static p => p.ZeroPoint));
        writer.Add(prefix + "fake_quant_enabled", [1], new[] { FakeQuantEnabled ? (byte)1 : (byte)0 });
        writer.Add(prefix + "observer_enabled", [1], new[] { ObserverEnabled ? (byte)1 : (byte)0 });
        Observer.SaveState(writer, prefix + "activation_post_process.");
    }

    /// <summary>Replaces parameters, switches and the observer's state by saved ones.</summary>
    /// <param name="file">The file.</param>
    /// <param name="prefix">What the names start with.</param>
    /// <exception cref="InvalidDataException">A tensor is missing or is not such a state.</exception>
    public void LoadState(SafetensorsFile file, string prefix)
    {
        float[] scales = ObserverState.Require(file, prefix + "scale").ToSingles();
        int[] zeroPoints = ObserverState.Require(file, prefix + "zero_point").ToInt32s();
        bool fakeQuantEnabled = Switch(file, prefix + "fake_quant_enabled");
        bool observerEnabled = Switch(file, prefix + "observer_enabled");
        if (scales.Length == 0 || scales.Length != zeroPoints.Length)
        {
            throw new InvalidDataException($"The saved state {SafetensorsFile.Quote(prefix)} has {scales.Length} scales and {zeroPoints.Length} zero points.");
        }

        var parameters = new QuantizationParameters[scales.Length];
        for (int c = 0; c < parameters.Length; c++)
        {
            if (!(scales[c] > 0) || !float.IsFinite(scales[c]) || zeroPoints[c] < Observer.Settings.Lowest || zeroPoints[c] > Observer.Settings.Highest)
            {
                throw new InvalidDataException($"The saved state {SafetensorsFile.Quote(prefix)} has scale {scales[c]} and zero point {zeroPoints[c]}, which are out of range.");
            }

            parameters[c] = new QuantizationParameters(scales[c], zeroPoints[c]);
        }

        Observer.LoadState(file, prefix + "activation_post_process.");
        (_parameters, FakeQuantEnabled, ObserverEnabled) = (parameters, fakeQuantEnabled, observerEnabled);
    }

    private static QuantizationParameters[] Start(IObserver? observer) =>
        [observer is FixedQParamsObserver ? observer.CalculateQuantizationParameters() : new QuantizationParameters(1, 0)];

    private static bool Switch(SafetensorsFile file, string name)
    {
        byte[] value = ObserverState.Require(file, name).ToBytes();
        return value is [0 or 1]
            ? value[0] == 1
            : throw new InvalidDataException($"The saved switch {SafetensorsFile.Quote(name)} must be one number, 0 or 1.");
    }

    private static void CheckLength(int length, int other)
    {
        if (other < length)
        {
            throw new ArgumentException($"The input has {length} elements, but another span has only {other}.");
        }
    }

    private QuantizationParameters OfBlock(ChannelLayout layout, int block) => _parameters[_parameters.Length == 1 ? 0 : layout.ChannelOfBlock(block)];

    private void CheckChannels(ChannelLayout layout)
    {
        if (_parameters.Length > 1 && _parameters.Length != layout.Channels)
        {
            throw new ArgumentException($"There are scales for {_parameters.Length} channels, but these values have {layout.Channels}.");
        }
    }
}
