using System;

namespace Kernels.Tests.Training;

/// <summary>The fused activations in double precision.</summary>
internal static class DoubleActivation
{
    public static double[] Apply(Activation activation, float negativeSlope, double[] values) => Array.ConvertAll(values, x => activation switch
    {
        Activation.Relu => Math.Max(x, 0),
        Activation.Relu6 => Math.Clamp(x, 0, 6),
        Activation.LeakyRelu => x < 0 ? x * negativeSlope : x,
        _ => x,
    });

    /// <summary>Whether a value is so near a bend that float32 may see it on the other side. An exact 0 has no terms and cannot move.</summary>
    public static bool HasBendNear(Activation activation, double[] values) => activation != Activation.None
        && Array.Exists(values, x => (x != 0 && Math.Abs(x) < 2e-5) || (activation == Activation.Relu6 && Math.Abs(x - 6) < 2e-5));
}
