using System;
using Kernels.Layers;

namespace Kernels.Execution;

/// <summary>The functions of a fused epilogue on one value: see <see cref="EpilogueFunction"/>. Every operation is rounded by itself.</summary>
public static unsafe partial class Fused
{
    /// <summary>All functions of an epilogue, then the step from real units to those of the output.</summary>
    /// <param name="x">The value.</param>
    /// <param name="e">Its constants.</param>
    /// <param name="channels">Scale of the channel for the first ChannelAffine; then come its shift, and so on.</param>
    /// <param name="stride">Values from one to the next.</param>
    /// <param name="second">Code of the second input; read only where one is added.</param>
    /// <returns>The result, not clamped.</returns>
    internal static float Apply(float x, in EpilogueScalars e, float* channels, nint stride, byte* second)
    {
        float* at = e.Constants + EpilogueProgram.First;
        for (int k = 0; k < e.FunctionCount; k++)
        {
            int function = *(int*)at++;
            switch ((EpilogueFunction)function)
            {
                case EpilogueFunction.Relu:
                    x = MathF.Max(x, 0f);
                    break;
                case EpilogueFunction.Relu6:
                    x = Relu6(x);
                    break;
                case EpilogueFunction.LeakyRelu:
                    x = x > 0 ? x : x * at[0];
                    break;
                case EpilogueFunction.HardSwish:
                    x = x * Relu6(x + 3f) / 6f;
                    break;
                case EpilogueFunction.HardSigmoid:
                    x = Relu6(x + 3f) / 6f;
                    break;
                case EpilogueFunction.Clip:
                    x = MathF.Min(MathF.Max(x, at[0]), at[1]);
                    break;
                case EpilogueFunction.Affine:
                    x *= at[0];
                    x += at[1];
                    break;
                case EpilogueFunction.ChannelAffine:
                    x *= channels[0];
                    x += channels[stride];
                    channels += 2 * stride;
                    break;
                case EpilogueFunction.Add:
                    x += (*second - *(int*)(at + 1)) * at[0];
                    break;
            }

            at += EpilogueProgram.Constants(function);
        }

        return x * e.Constants[EpilogueProgram.InverseScale];
    }

    private static float Relu6(float x) => MathF.Min(MathF.Max(x, 0f), 6f);
}
