using System;
using Kernels.Quantization;

namespace Kernels.Training.Nodes;

/// <summary>
/// The rounding of one value of a network. Values of one scale share a fake quantization, whose parameters move from one to the next
/// while it observes; each remembers those that it was rounded with.
/// </summary>
internal sealed class ValueRounding(FakeQuantize fakeQuantize)
{
    private (bool IsRounded, QuantizationParameters Parameters)? _last;

    public FakeQuantize FakeQuantize => fakeQuantize;

    /// <summary>Whether the last forward pass rounded. A value that is rounded elsewhere is as its fake quantization is now.</summary>
    public bool IsRounded => _last?.IsRounded ?? fakeQuantize.FakeQuantEnabled;

    /// <summary>Scale and zero point of the last forward pass.</summary>
    public QuantizationParameters Parameters => _last?.Parameters ?? fakeQuantize.Parameters[0];

    /// <summary>Observes and rounds.</summary>
    public void Forward(ReadOnlySpan<float> input, Span<float> output)
    {
        fakeQuantize.Forward(input, output);
        _last = (fakeQuantize.FakeQuantEnabled, fakeQuantize.Parameters[0]);
    }

    /// <summary>The straight-through gradient of the last forward pass.</summary>
    public void Backward(ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        if (IsRounded)
        {
            ObserverSettings settings = fakeQuantize.Observer.Settings;
            FakeQuantizer.Backward(input, outputGradient, Parameters, settings.Lowest, settings.Highest, inputGradient);
        }
        else
        {
            outputGradient.CopyTo(inputGradient);
        }
    }
}
