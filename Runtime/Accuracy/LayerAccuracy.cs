using System.Collections.Generic;
using Kernels.Quantization;

namespace Kernels.Accuracy;

/// <summary>How near the output of a layer of a converted model comes to the float model's, with all that came before it.</summary>
public sealed class LayerAccuracy
{
    private readonly ErrorStatistics[] _channels;
    private readonly PhaseAccuracy[] _phases;

    internal LayerAccuracy(string name, string type, bool isQuantized, QuantizationParameters? quantization, LayerMeter meter)
    {
        Name = name;
        Type = type;
        IsQuantized = isQuantized;
        Quantization = quantization;
        _channels = meter.Channels;
        _phases = meter.Phases;
        Saturation = meter.Saturation;
        Error = new ErrorStatistics();
        for (int channel = 0; channel < _channels.Length; channel++)
        {
            Error.Add(_channels[channel]);
            WorstChannel = _channels[channel].Sqnr < _channels[WorstChannel].Sqnr ? channel : WorstChannel;
        }
    }

    /// <summary>The layer's name; <c>input</c> for the model's input.</summary>
    public string Name { get; }

    /// <summary>PyTorch's name of its type.</summary>
    public string Type { get; }

    /// <summary>Whether the layer is int8; otherwise its error is that of what it reads.</summary>
    public bool IsQuantized { get; }

    /// <summary>Scale and zero point of the output; null for a float layer.</summary>
    public QuantizationParameters? Quantization { get; }

    /// <summary>The error over all values.</summary>
    public ErrorStatistics Error { get; }

    /// <summary>The share, 0 to 1, of the float model's values that lie more than half a step beyond the least or greatest code; 0 for a float layer.</summary>
    public double Saturation { get; }

    /// <summary>The error of each channel.</summary>
    public IReadOnlyList<ErrorStatistics> Channels => _channels;

    /// <summary>The channel with the least SQNR.</summary>
    public int WorstChannel { get; }

    /// <summary>The error of each output phase, row by row; empty for layers other than transposed convolutions with a stride.</summary>
    public IReadOnlyList<PhaseAccuracy> Phases => _phases;
}
