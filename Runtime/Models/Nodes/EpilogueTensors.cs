using System;
using System.Globalization;
using System.IO;
using Kernels.Layers;

namespace Kernels.Models.Nodes;

/// <summary>
/// The data of a fused layer's functions in a file, the function at index i under <c>NAME.epilogue.i.</c>: <c>negative_slope</c>; <c>lower</c> and <c>upper</c>;
/// <c>scale</c> and <c>shift</c>, one a channel or one for all. Behind them, where the layer's arguments say so, <c>NAME.epilogue.channel_scales</c>. F32.
/// </summary>
internal static class EpilogueTensors
{
    /// <summary>The argument of a layer whose output channels have scales of their own.</summary>
    public const string HasChannelScales = "channel_scales";

    private const string ChannelScales = "epilogue.channel_scales";

    public static void Write(SafetensorsWriter writer, string prefix, EpilogueStep[] steps, float[] channelScales)
    {
        if (channelScales.Length > 0)
        {
            writer.Add(prefix + ChannelScales, [channelScales.Length], channelScales);
        }

        for (int i = 0; i < steps.Length; i++)
        {
            string start = prefix + Start(i);
            switch (steps[i].Function)
            {
                case EpilogueFunction.LeakyRelu:
                    writer.Add(start + "negative_slope", [1], [steps[i].NegativeSlope]);
                    break;
                case EpilogueFunction.Clip:
                    writer.Add(start + "lower", [1], [steps[i].Lower]);
                    writer.Add(start + "upper", [1], [steps[i].Upper]);
                    break;
                case EpilogueFunction.Affine or EpilogueFunction.ChannelAffine:
                    writer.Add(start + "scale", [steps[i].Scale.Length], steps[i].Scale);
                    writer.Add(start + "shift", [steps[i].Shift.Length], steps[i].Shift);
                    break;
            }
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="epilogue">The functions.</param>
    /// <param name="channels">Output channels of the layer.</param>
    /// <param name="tensor">Finds a tensor of the layer by the end of its name, and checks its shape.</param>
    /// <exception cref="InvalidDataException">A tensor is missing or cannot be these data.</exception>
    public static EpilogueStep[] Read(EpilogueSpec epilogue, int channels, Func<string, int[], SafetensorsTensor> tensor)
    {
        var steps = new EpilogueStep[epilogue.Count];
        for (int i = 0; i < steps.Length; i++)
        {
            string start = Start(i);
            steps[i] = epilogue[i] switch
            {
                EpilogueFunction.Relu => EpilogueStep.Relu,
                EpilogueFunction.Relu6 => EpilogueStep.Relu6,
                EpilogueFunction.HardSwish => EpilogueStep.HardSwish,
                EpilogueFunction.HardSigmoid => EpilogueStep.HardSigmoid,
                EpilogueFunction.Add => EpilogueStep.Add,
                EpilogueFunction.LeakyRelu => EpilogueStep.LeakyRelu(Single("negative_slope")),
                EpilogueFunction.Clip => EpilogueStep.Clip(Single("lower"), Single("upper")),
                EpilogueFunction.Affine => EpilogueStep.Affine(Single("scale"), Single("shift")),
                _ => EpilogueStep.ChannelAffine(tensor(start + "scale", [channels]).ToSingles(), tensor(start + "shift", [channels]).ToSingles()),
            };

            float Single(string name) => tensor(start + name, [1]).ToSingles()[0];
        }

        return steps;
    }

    /// <summary>Reads the scales of output channels.</summary>
    /// <exception cref="InvalidDataException">The tensor is missing, or a value is no power of two.</exception>
    public static float[] ReadChannelScales(int channels, Func<string, int[], SafetensorsTensor> tensor)
    {
        float[] scales = tensor(ChannelScales, [channels]).ToSingles();
        return Array.TrueForAll(scales, static scale => float.IsNormal(scale) && float.IsPow2(scale))
            ? scales
            : throw new InvalidDataException("The scales of a layer's channels must be powers of two.");
    }

    private static string Start(int index) => string.Create(CultureInfo.InvariantCulture, $"epilogue.{index}.");
}
