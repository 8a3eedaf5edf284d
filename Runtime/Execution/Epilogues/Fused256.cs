using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Kernels.Fusion;

namespace Kernels.Execution;

/// <summary>The functions of a fused epilogue on 256 bits: see <see cref="Layers.EpilogueFunction"/>. Every operation is rounded by itself.</summary>
public static unsafe partial class Fused
{
    /// <summary>Sums in real units: <c>((float)sum + bias) * scale</c>.</summary>
    /// <param name="sum">Accumulators.</param>
    /// <param name="bias">Bias over input scale times weight scale.</param>
    /// <param name="scale">Input scale times weight scale.</param>
    /// <returns>The values.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Real(Vector256<int> sum, Vector256<float> bias, Vector256<float> scale) => (Vector256.ConvertToSingle(sum) + bias) * scale;

    /// <summary><c>max(x, 0)</c>.</summary>
    /// <param name="x">Values.</param>
    /// <returns>The results.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Relu(Vector256<float> x) => Vector256.MaxNative(x, Vector256<float>.Zero);

    /// <summary><c>min(max(x, 0), 6)</c>.</summary>
    /// <inheritdoc cref="Relu(Vector256{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Relu6(Vector256<float> x) => Clip(x, 0f, 6f);

    /// <summary><c>x &gt; 0 ? x : x * slope</c>.</summary>
    /// <param name="x">Values.</param>
    /// <param name="slope">Factor for values below zero.</param>
    /// <returns>The results.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LeakyRelu(Vector256<float> x, float slope) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256<float>.Zero), x, x * Vector256.Create(slope));

    /// <summary><c>x * min(max(x + 3, 0), 6) / 6</c>.</summary>
    /// <inheritdoc cref="Relu(Vector256{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> HardSwish(Vector256<float> x) => x * Relu6(x + Vector256.Create(3f)) / Vector256.Create(6f);

    /// <summary><c>min(max(x + 3, 0), 6) / 6</c>.</summary>
    /// <inheritdoc cref="Relu(Vector256{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> HardSigmoid(Vector256<float> x) => Relu6(x + Vector256.Create(3f)) / Vector256.Create(6f);

    /// <summary><c>min(max(x, lower), upper)</c>.</summary>
    /// <param name="x">Values.</param>
    /// <param name="lower">Smallest result.</param>
    /// <param name="upper">Largest result.</param>
    /// <returns>The results.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Clip(Vector256<float> x, float lower, float upper) => Vector256.MinNative(Vector256.MaxNative(x, Vector256.Create(lower)), Vector256.Create(upper));

    /// <summary><c>x * scale + shift</c>.</summary>
    /// <param name="x">Values.</param>
    /// <param name="scale">Factor.</param>
    /// <param name="shift">Added to the product.</param>
    /// <returns>The results.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Affine(Vector256<float> x, float scale, float shift) => ChannelAffine(x, Vector256.Create(scale), Vector256.Create(shift));

    /// <summary><c>x * scale + shift</c>, each lane with its own.</summary>
    /// <inheritdoc cref="Affine(Vector256{float}, float, float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ChannelAffine(Vector256<float> x, Vector256<float> scale, Vector256<float> shift)
    {
        Vector256<float> product = x * scale;
        return product + shift;
    }

    /// <summary><c>x + (code - zero point) * scale</c>.</summary>
    /// <param name="x">Values.</param>
    /// <param name="codes">Codes of the second input, one a lane; those behind are not read.</param>
    /// <param name="scale">Its scale.</param>
    /// <param name="zeroPoint">Its zero point.</param>
    /// <returns>The results.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> x, Vector128<byte> codes, float scale, int zeroPoint) => Add(x, Avx2.ConvertToVector256Int32(codes), scale, zeroPoint);

    /// <inheritdoc cref="Add(Vector256{float}, Vector128{byte}, float, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> x, Vector256<int> codes, float scale, int zeroPoint)
    {
        Vector256<float> second = Vector256.ConvertToSingle(codes - Vector256.Create(zeroPoint)) * Vector256.Create(scale);
        return x + second;
    }

    /// <summary>All functions of an epilogue, then the step from real units to those of the output.</summary>
    /// <param name="x">Values.</param>
    /// <param name="e">Its constants.</param>
    /// <param name="channels">Scales of the lanes' channels for the first ChannelAffine; then come their shifts, and so on; last 1 / output scale.</param>
    /// <param name="stride">Values from one array to the next.</param>
    /// <param name="second">Codes of the second input; read only where one is added.</param>
    /// <param name="count">How many of them may be read, at least 1.</param>
    /// <returns>The results, not clamped.</returns>
    internal static Vector256<float> Apply(Vector256<float> x, in EpilogueScalars e, float* channels, nint stride, byte* second, int count)
    {
        float* at = e.Constants + EpilogueProgram.First;
        for (int k = 0; k < e.FunctionCount; k++)
        {
            int function = *(int*)at++;
            switch ((FusedFunction)function)
            {
                case FusedFunction.Relu:
                    x = Relu(x);
                    break;
                case FusedFunction.Relu6:
                    x = Relu6(x);
                    break;
                case FusedFunction.LeakyRelu:
                    x = LeakyRelu(x, at[0]);
                    break;
                case FusedFunction.HardSwish:
                    x = HardSwish(x);
                    break;
                case FusedFunction.HardSigmoid:
                    x = HardSigmoid(x);
                    break;
                case FusedFunction.Clip:
                    x = Clip(x, at[0], at[1]);
                    break;
                case FusedFunction.Affine:
                    x = Affine(x, at[0], at[1]);
                    break;
                case FusedFunction.ChannelAffine:
                    x = ChannelAffine(x, Vector256.Load(channels), Vector256.Load(channels + stride));
                    channels += 2 * stride;
                    break;
                case FusedFunction.Add:
                    x = Add(x, Lanes.LoadCodes(second, Math.Min(count, Vector256<float>.Count)), at[0], *(int*)(at + 1));
                    break;
            }

            at += EpilogueProgram.Constants((FusedFunction)function);
        }

        return x * Vector256.Load(channels);
    }
}
