using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Fusion;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Packing;

/// <summary>The constants of a fused epilogue as kernels read them.</summary>
internal static class EpilogueConstants
{
    /// <summary>The constants that all channels share, in the order of <see cref="EpilogueProgram"/>; none without an epilogue.</summary>
    /// <param name="requantizer">The layer's constants.</param>
    public static float[] Program(Requantizer requantizer)
    {
        if (requantizer.Epilogue is not { } epilogue)
        {
            return [];
        }

        // As EpilogueProgram numbers them.
        var program = new List<float> { 3f, 6f, 1f / 6f };
        foreach (EpilogueStep step in epilogue.Steps)
        {
            program.Add(BitConverter.Int32BitsToSingle((int)step.Function));
            program.AddRange(Constants(step, epilogue.Second));
        }

        return [.. program];
    }

    /// <summary>The constants that each channel of a fused epilogue has of its own: scale and shift of each ChannelAffine in turn, then 1 / output scale.</summary>
    /// <param name="requantizer">The layer's constants.</param>
    /// <returns>Arrays of one value an output channel.</returns>
    public static float[][] Channels(Requantizer requantizer) => requantizer.Epilogue is not { } epilogue ? [] :
    [
        .. epilogue.Steps
            .Where(static step => step.Function == EpilogueFunction.ChannelAffine)
            .SelectMany(static step => new[] { step.Scale.ToArray(), step.Shift.ToArray() }),
        requantizer.InverseScale.ToArray(),
    ];

    private static float[] Constants(EpilogueStep step, QuantizationParameters? second) => step.Function switch
    {
        EpilogueFunction.LeakyRelu => [step.NegativeSlope],
        EpilogueFunction.Clip => [step.Lower, step.Upper],
        EpilogueFunction.Affine => [step.Scale[0], step.Shift[0]],
        EpilogueFunction.Add => [second!.Value.Scale, BitConverter.Int32BitsToSingle(second.Value.ZeroPoint)],
        _ => [],
    };
}
