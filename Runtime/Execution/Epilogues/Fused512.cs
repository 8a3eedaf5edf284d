using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Kernels.Fusion;

namespace Kernels.Execution;

/// <summary>The functions of a fused epilogue on 512 bits: see <see cref="Layers.EpilogueFunction"/>. Every operation is rounded by itself.</summary>
public static unsafe partial class Fused
{
    /// <summary>Sums in real units: <c>((float)sum + bias) * scale</c>.</summary>
    /// <param name="sum">Accumulators.</param>
    /// <param name="bias">Bias over input scale times weight scale.</param>
    /// <param name="scale">Input scale times weight scale.</param>
    /// <returns>The values.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Real(Vector512<int> sum, Vector512<float> bias, Vector512<float> scale) => (Vector512.ConvertToSingle(sum) + bias) * scale;

    /// <summary><c>max(x, 0)</c>.</summary>
    /// <param name="x">Values.</param>
    /// <returns>The results.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Relu(Vector512<float> x) => Vector512.MaxNative(x, Vector512<float>.Zero);

    /// <summary><c>min(max(x, 0), 6)</c>.</summary>
    /// <inheritdoc cref="Relu(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Relu6(Vector512<float> x) => Clip(x, 0f, 6f);

    /// <summary><c>x &gt; 0 ? x : x * slope</c>.</summary>
    /// <param name="x">Values.</param>
    /// <param name="slope">Factor for values below zero.</param>
    /// <returns>The results.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LeakyRelu(Vector512<float> x, float slope) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), x, x * Vector512.Create(slope));

    /// <summary><c>x * min(max(x + 3, 0), 6) / 6</c>.</summary>
    /// <inheritdoc cref="Relu(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> HardSwish(Vector512<float> x) => x * Relu6(x + Vector512.Create(3f)) / Vector512.Create(6f);

    /// <summary><c>min(max(x + 3, 0), 6) / 6</c>.</summary>
    /// <inheritdoc cref="Relu(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> HardSigmoid(Vector512<float> x) => Relu6(x + Vector512.Create(3f)) / Vector512.Create(6f);

    /// <summary><c>min(max(x, lower), upper)</c>.</summary>
    /// <param name="x">Values.</param>
    /// <param name="lower">Smallest result.</param>
    /// <param name="upper">Largest result.</param>
    /// <returns>The results.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Clip(Vector512<float> x, float lower, float upper) => Vector512.MinNative(Vector512.MaxNative(x, Vector512.Create(lower)), Vector512.Create(upper));

    /// <summary><c>x * scale + shift</c>.</summary>
    /// <param name="x">Values.</param>
    /// <param name="scale">Factor.</param>
    /// <param name="shift">Added to the product.</param>
    /// <returns>The results.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Affine(Vector512<float> x, float scale, float shift) => ChannelAffine(x, Vector512.Create(scale), Vector512.Create(shift));

    /// <summary><c>x * scale + shift</c>, each lane with its own.</summary>
    /// <inheritdoc cref="Affine(Vector512{float}, float, float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ChannelAffine(Vector512<float> x, Vector512<float> scale, Vector512<float> shift)
    {
        Vector512<float> product = x * scale;
        return product + shift;
    }

    /// <summary><c>x + (code - zero point) * scale</c>.</summary>
    /// <param name="x">Values.</param>
    /// <param name="codes">Codes of the second input, one a lane; those behind are not read.</param>
    /// <param name="scale">Its scale.</param>
    /// <param name="zeroPoint">Its zero point.</param>
    /// <returns>The results.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> x, Vector128<byte> codes, float scale, int zeroPoint) => Add(x, Avx512F.ConvertToVector512Int32(codes), scale, zeroPoint);

    /// <inheritdoc cref="Add(Vector512{float}, Vector128{byte}, float, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> x, Vector512<int> codes, float scale, int zeroPoint)
    {
        Vector512<float> second = Vector512.ConvertToSingle(codes - Vector512.Create(zeroPoint)) * Vector512.Create(scale);
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
    internal static Vector512<float> Apply(Vector512<float> x, in EpilogueScalars e, float* channels, nint stride, byte* second, int count)
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
                    x = ChannelAffine(x, Vector512.Load(channels), Vector512.Load(channels + stride));
                    channels += 2 * stride;
                    break;
                case FusedFunction.Add:
                    x = Add(x, Lanes.LoadCodes(second, Math.Min(count, Vector512<float>.Count)), at[0], *(int*)(at + 1));
                    break;
            }

            at += EpilogueProgram.Constants((FusedFunction)function);
        }

        return x * Vector512.Load(channels);
    }
}
