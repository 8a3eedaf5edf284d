using System;
using System.Linq;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Tests.Support;

/// <summary>A convolution with a fused epilogue: the case of the convolution, its functions with their data, and the second input where one is added.</summary>
public sealed record EpilogueCase(ConvolutionCase Convolution, EpilogueParameters Epilogue, QuantizedTensor? Second)
{
    /// <summary>A case drawn from a seed: see <see cref="ConvolutionCase.FromSeed"/> and <see cref="Fill"/>.</summary>
    public static EpilogueCase FromSeed(int seed) => Fill(ConvolutionCase.FromSeed(seed), Functions(new Random(seed ^ 0x5EED)), new Random(seed));

    /// <summary>0 to 5 functions in any order, with at most one addition.</summary>
    public static EpilogueSpec Functions(Random random)
    {
        var functions = new EpilogueFunction[random.Next(6)];
        for (int i = 0; i < functions.Length; i++)
        {
            do
            {
                functions[i] = (EpilogueFunction)random.Next(9);
            }
            while (functions[i] == EpilogueFunction.Add && functions.AsSpan(0, i).Contains(EpilogueFunction.Add));
        }

        return new EpilogueSpec(functions);
    }

    /// <summary>Gives a convolution functions with random constants: mild ones mostly, at times zeros, signs and sizes that saturate everything.</summary>
    public static EpilogueCase Fill(ConvolutionCase convolution, EpilogueSpec functions, Random random)
    {
        var spec = convolution.Spec with { Epilogue = functions, Activation = functions.IsNone ? convolution.Spec.Activation : Activation.None };
        bool isExtreme = random.Next(8) == 0;
        EpilogueParameters epilogue = Constants(functions, spec.OutChannels, isExtreme, random);
        QuantizedTensor? codes = null;
        if (epilogue.Second is { } quantization)
        {
            codes = new QuantizedTensor(spec.OutputShape(convolution.Input.Shape), quantization);
            random.NextBytes(codes.Data);
        }

        // Half of the cases in the range where hard functions bend, the others where convolutions without them are.
        QuantizationParameters output = functions.IsNone || random.Next(2) == 0
            ? convolution.Output
            : new QuantizationParameters(0.005f + random.NextSingle() * 0.2f, random.Next(256));
        return new EpilogueCase(convolution with { Spec = spec, Output = output }, epilogue, codes);
    }

    /// <summary>Random constants of functions; see <see cref="Fill"/>.</summary>
    public static EpilogueParameters Constants(EpilogueSpec functions, int channels, bool isExtreme, Random random)
    {
        EpilogueStep[] steps = [.. functions.Select(function => Step(function, channels, isExtreme, random))];
        QuantizationParameters? second = functions.HasAdd ? new QuantizationParameters(isExtreme ? 1e-30f : 0.002f + random.NextSingle() * 0.1f, random.Next(256)) : null;
        float[] scales = functions.IsNone || random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, channels).Select(_ => 0.01f + random.NextSingle() * 2)];
        return new EpilogueParameters(steps, second, scales);
    }

    /// <summary>The case by the plain formula.</summary>
    public QuantizedTensor Expected() => Epilogue.Spec.IsNone
        ? Convolution.Expected()
        : PlainEpilogue.Forward(Convolution.Spec, Convolution.Weight, Convolution.Bias, Convolution.Input, Convolution.Output, Epilogue, Second);

    /// <summary>Runs a layer of the case.</summary>
    public byte[] Run(IQuantizedLayer layer) => Output(layer).Data.ToArray();

    /// <summary>Runs a layer of the case.</summary>
    public QuantizedTensor Output(IQuantizedLayer layer)
    {
        Shape4 from = Convolution.Input.Shape;
        var output = new QuantizedTensor(layer.OutputShape(from), layer.OutputQuantization);
        if (Second is null)
        {
            layer.Run(Convolution.Input.Data, from.N, from.H, from.W, output.Data);
        }
        else
        {
            ((IResidualLayer)layer).Run(Convolution.Input.Data, Second.Data, from.N, from.H, from.W, output.Data);
        }

        return output;
    }

    private static EpilogueStep Step(EpilogueFunction function, int channels, bool isExtreme, Random random)
    {
        float[] Values(int count, float most) => [.. Enumerable.Range(0, count).Select(_ => isExtreme && random.Next(3) == 0 ? Extreme() : (random.NextSingle() - 0.4f) * most)];
        float Extreme() => random.Next(6) switch { 0 => 0f, 1 => -0f, 2 => 1e-38f, 3 => 1e-42f, 4 => 4e5f, _ => -3e5f };
        switch (function)
        {
            case EpilogueFunction.Relu:
                return EpilogueStep.Relu;
            case EpilogueFunction.Relu6:
                return EpilogueStep.Relu6;
            case EpilogueFunction.LeakyRelu:
                return EpilogueStep.LeakyRelu(Values(1, 2f)[0]);
            case EpilogueFunction.HardSwish:
                return EpilogueStep.HardSwish;
            case EpilogueFunction.HardSigmoid:
                return EpilogueStep.HardSigmoid;
            case EpilogueFunction.Clip:
                float lower = random.Next(4) == 0 ? float.NegativeInfinity : (random.NextSingle() - 0.5f) * 4;
                return EpilogueStep.Clip(lower, random.Next(4) == 0 ? float.PositiveInfinity : Math.Max(lower, -2f) + random.NextSingle() * 8);
            case EpilogueFunction.Affine:
                return EpilogueStep.Affine(Values(1, 3f)[0], Values(1, 3f)[0]);
            case EpilogueFunction.ChannelAffine:
                return EpilogueStep.ChannelAffine(Values(channels, 3f), Values(channels, 3f));
            default:
                return EpilogueStep.Add;
        }
    }
}
