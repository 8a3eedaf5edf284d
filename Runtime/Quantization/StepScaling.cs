using System.Runtime.Intrinsics;

namespace Kernels.Quantization;

/// <summary>How a real number becomes steps of a scale: one rounding to float32 or two, see <see cref="Int8Arithmetic"/>.</summary>
internal interface IStepScaling
{
    /// <summary>What <see cref="Steps(float, float)"/> takes for a scale.</summary>
    static abstract float Factor(float scale);

    static abstract float Steps(float value, float factor);

    static abstract Vector128<float> Steps(Vector128<float> value, Vector128<float> factor);

    static abstract Vector256<float> Steps(Vector256<float> value, Vector256<float> factor);

    static abstract Vector512<float> Steps(Vector512<float> value, Vector512<float> factor);
}

/// <summary>By its product with the inverse.</summary>
internal readonly struct InverseScaling : IStepScaling
{
    public static float Factor(float scale) => 1f / scale;

    public static float Steps(float value, float factor) => value * factor;

    public static Vector128<float> Steps(Vector128<float> value, Vector128<float> factor) => value * factor;

    public static Vector256<float> Steps(Vector256<float> value, Vector256<float> factor) => value * factor;

    public static Vector512<float> Steps(Vector512<float> value, Vector512<float> factor) => value * factor;
}

/// <summary>By division.</summary>
internal readonly struct DividingScaling : IStepScaling
{
    public static float Factor(float scale) => scale;

    public static float Steps(float value, float factor) => value / factor;

    public static Vector128<float> Steps(Vector128<float> value, Vector128<float> factor) => value / factor;

    public static Vector256<float> Steps(Vector256<float> value, Vector256<float> factor) => value / factor;

    public static Vector512<float> Steps(Vector512<float> value, Vector512<float> factor) => value / factor;
}
