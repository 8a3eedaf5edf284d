using System;
using Kernels.Fusion;
using Kernels.Layers;

namespace Kernels.Execution;

/// <summary>The functions of a fused epilogue on one value: see <see cref="EpilogueFunction"/>. Every operation is rounded by itself.</summary>
public static unsafe partial class Fused
{
    /// <summary>From a sum to its code.</summary>
    internal static byte Code(int sum, float bias, float scale, in EpilogueScalars e, float* channels, nint stride, byte* second)
    {
        float value = (float)sum + bias;
        value *= scale;
        value = Apply(value, e, channels, stride, second);
        value = MathF.Min(MathF.Max(value, e.Lower), e.Upper);
        return (byte)((int)MathF.Round(value, MidpointRounding.ToEven) + e.ZeroPoint);
    }

    /// <summary>All functions of an epilogue, then the step from real units to those of the output.</summary>
    /// <param name="x">The value.</param>
    /// <param name="e">Its constants.</param>
    /// <param name="channels">Scale of the channel for the first ChannelAffine; then come its shift, and so on; last 1 / output scale.</param>
    /// <param name="stride">Values from one to the next.</param>
    /// <param name="second">Code of the second input; read only where one is added.</param>
    /// <returns>The result, not clamped.</returns>
    internal static float Apply(float x, in EpilogueScalars e, float* channels, nint stride, byte* second)
    {
        float* at = e.Constants + EpilogueProgram.First;
        for (int k = 0; k < e.FunctionCount; k++)
        {
            int function = *(int*)at++;
            switch ((FusedFunction)function)
            {
                case FusedFunction.Relu:
                    x = MathF.Max(x, 0f);
                    break;
                case FusedFunction.Relu6:
                    x = Relu6(x);
                    break;
                case FusedFunction.LeakyRelu:
                    x = x > 0 ? x : x * at[0];
                    break;
                case FusedFunction.HardSwish:
                    x = x * Relu6(x + 3f) / 6f;
                    break;
                case FusedFunction.HardSigmoid:
                    x = Relu6(x + 3f) / 6f;
                    break;
                case FusedFunction.Clip:
                    x = MathF.Min(MathF.Max(x, at[0]), at[1]);
                    break;
                case FusedFunction.Affine:
                    x *= at[0];
                    x += at[1];
                    break;
                case FusedFunction.ChannelAffine:
                    x *= channels[0];
                    x += channels[stride];
                    channels += 2 * stride;
                    break;
                case FusedFunction.Add:
                    x += (*second - *(int*)(at + 1)) * at[0];
                    break;
            }

            at += EpilogueProgram.Constants((FusedFunction)function);
        }

        return x * channels[0];
    }

    private static float Relu6(float x) => MathF.Min(MathF.Max(x, 0f), 6f);
}
