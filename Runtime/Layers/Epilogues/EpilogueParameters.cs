using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Quantization;

namespace Kernels.Layers;

/// <summary>The functions of an epilogue with their data: what a kernel with such an <see cref="EpilogueSpec"/> is packed with.</summary>
public sealed class EpilogueParameters
{
    private readonly EpilogueStep[] _steps;
    private readonly float[] _channelScales;

    /// <summary>Joins steps.</summary>
    /// <param name="steps">The functions in their order; at most one <see cref="EpilogueFunction.Add"/>.</param>
    /// <param name="second">Scale and zero point (quint8) of the second input, where there is an addition; null otherwise.</param>
    /// <param name="channelScales">For each output channel its scale over the output's; empty for 1 everywhere. See <see cref="ChannelScales"/>.</param>
    /// <exception cref="ArgumentException">There are two additions, or an addition without a second input, or the reverse, or the second input is not quint8, or a scale is not positive and finite.</exception>
    public EpilogueParameters(IEnumerable<EpilogueStep> steps, QuantizationParameters? second = null, ReadOnlySpan<float> channelScales = default)
    {
        ArgumentNullException.ThrowIfNull(steps);
        _steps = [.. steps];
        Spec = new EpilogueSpec(Array.ConvertAll(_steps, static step => step.Function));
        if (Spec.HasAdd != second.HasValue)
        {
            throw new ArgumentException($"An epilogue needs scale and zero point of a second input exactly if it adds one, but it is {Spec}.", nameof(second));
        }

        if (second is { } parameters)
        {
            Quantizer.Check(parameters, QuantizedDtype.Quint8);
        }

        Second = second;
        _channelScales = channelScales.ToArray();
        foreach (float scale in _channelScales)
        {
            if (!(scale > 0) || !float.IsFinite(scale))
            {
                throw new ArgumentException($"The scale of a channel must be positive and finite, but one is {scale}.", nameof(channelScales));
            }
        }
    }

    /// <summary>The functions.</summary>
    public EpilogueSpec Spec { get; }

    /// <summary>The functions with their data, in their order.</summary>
    public IReadOnlyList<EpilogueStep> Steps => _steps;

    /// <summary>Scale and zero point of the second input; null where there is none.</summary>
    public QuantizationParameters? Second { get; }

    /// <summary>
    /// For each output channel its scale over that of the output as a whole, so that a channel of small values is rounded in small steps:
    /// a code of channel c stands for <c>(code - zo) * so * ChannelScales[c]</c>. Empty for 1 everywhere.
    /// </summary>
    public ReadOnlySpan<float> ChannelScales => _channelScales;

    /// <summary>Throws unless the parameters are those of a layer.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="epilogue">The parameters; null for none.</param>
    /// <exception cref="ArgumentException">The layer has other functions, or another number of channels.</exception>
    internal static void Check(ConvolutionSpec spec, EpilogueParameters? epilogue)
    {
        EpilogueSpec given = epilogue?.Spec ?? EpilogueSpec.None;
        if (given != spec.Epilogue)
        {
            throw new ArgumentException($"The layer ends with {spec.Epilogue}, but the parameters are for {given}.", nameof(epilogue));
        }

        if (epilogue is { _channelScales.Length: > 0 } && epilogue._channelScales.Length != spec.OutChannels)
        {
            throw new ArgumentException($"The layer has {spec.OutChannels} output channels, but its epilogue has {epilogue._channelScales.Length} channel scales.", nameof(epilogue));
        }

        foreach (EpilogueStep step in epilogue?._steps.Where(static step => step.Function == EpilogueFunction.ChannelAffine) ?? [])
        {
            if (step.Scale.Length != spec.OutChannels)
            {
                throw new ArgumentException($"The layer has {spec.OutChannels} output channels, but its epilogue has scales for {step.Scale.Length}.", nameof(epilogue));
            }
        }
    }
}
