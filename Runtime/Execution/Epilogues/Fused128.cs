using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Kernels.Fusion;

namespace Kernels.Execution;

/// <summary>The functions of a fused epilogue on 128 bits: see <see cref="Layers.EpilogueFunction"/>. Every operation is rounded by itself.</summary>
public static unsafe partial class Fused
{
    /// <summary>Sums in real units: <c>((float)sum + bias) * scale</c>.</summary>
    /// <param name="sum">Accumulators.</param>
    /// <param name="bias">Bias over input scale times weight scale.</param>
    /// <param name="scale">Input scale times weight scale.</param>
    /// <returns>The values.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Real(Vector128<int> sum, Vector128<float> bias, Vector128<float> scale) => (Vector128.ConvertToSingle(sum) + bias) * scale;

    /// <summary><c>max(x, 0)</c>.</summary>
    /// <param name="x">Values.</param>
    /// <returns>The results.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Relu(Vector128<float> x) => Vector128.MaxNative(x, Vector128<float>.Zero);

    /// <summary><c>min(max(x, 0), 6)</c>.</summary>
    /// <inheritdoc cref="Relu(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Relu6(Vector128<float> x) => Clip(x, 0f, 6f);

    /// <summary><c>x &gt; 0 ? x : x * slope</c>.</summary>
    /// <param name="x">Values.</param>
    /// <param name="slope">Factor for values below zero.</param>
    /// <returns>The results.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LeakyRelu(Vector128<float> x, float slope) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(x, Vector128<float>.Zero), x, x * Vector128.Create(slope));

    /// <summary><c>x * min(max(x + 3, 0), 6) / 6</c>.</summary>
    /// <inheritdoc cref="Relu(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> HardSwish(Vector128<float> x) => x * Relu6(x + Vector128.Create(3f)) / Vector128.Create(6f);

    /// <summary><c>min(max(x + 3, 0), 6) / 6</c>.</summary>
    /// <inheritdoc cref="Relu(Vector128{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> HardSigmoid(Vector128<float> x) => Relu6(x + Vector128.Create(3f)) / Vector128.Create(6f);

    /// <summary><c>min(max(x, lower), upper)</c>.</summary>
    /// <param name="x">Values.</param>
    /// <param name="lower">Smallest result.</param>
    /// <param name="upper">Largest result.</param>
    /// <returns>The results.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Clip(Vector128<float> x, float lower, float upper) => Vector128.MinNative(Vector128.MaxNative(x, Vector128.Create(lower)), Vector128.Create(upper));

    /// <summary><c>x * scale + shift</c>.</summary>
    /// <param name="x">Values.</param>
    /// <param name="scale">Factor.</param>
    /// <param name="shift">Added to the product.</param>
    /// <returns>The results.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Affine(Vector128<float> x, float scale, float shift) => ChannelAffine(x, Vector128.Create(scale), Vector128.Create(shift));

    /// <summary><c>x * scale + shift</c>, each lane with its own.</summary>
    /// <inheritdoc cref="Affine(Vector128{float}, float, float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ChannelAffine(Vector128<float> x, Vector128<float> scale, Vector128<float> shift)
    {
        Vector128<float> product = x * scale;
        return product + shift;
    }

    /// <summary><c>x + (code - zero point) * scale</c>.</summary>
    /// <param name="x">Values.</param>
    /// <param name="codes">Codes of the second input, one a lane; those behind are not read.</param>
    /// <param name="scale">Its scale.</param>
    /// <param name="zeroPoint">Its zero point.</param>
    /// <returns>The results.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> x, Vector128<byte> codes, float scale, int zeroPoint) => Add(x, Vector128.WidenLower(Vector128.WidenLower(codes)).AsInt32(), scale, zeroPoint);

    /// <inheritdoc cref="Add(Vector128{float}, Vector128{byte}, float, int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> x, Vector128<int> codes, float scale, int zeroPoint)
    {
        Vector128<float> second = Vector128.ConvertToSingle(codes - Vector128.Create(zeroPoint)) * Vector128.Create(scale);
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
    internal static Vector128<float> Apply(Vector128<float> x, in EpilogueScalars e, float* channels, nint stride, byte* second, int count)
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
                    x = ChannelAffine(x, Vector128.Load(channels), Vector128.Load(channels + stride));
                    channels += 2 * stride;
                    break;
                case FusedFunction.Add:
                    x = Add(x, Lanes.LoadCodes(second, Math.Min(count, Vector128<float>.Count)), at[0], *(int*)(at + 1));
                    break;
            }

            at += EpilogueProgram.Constants((FusedFunction)function);
        }

        return x * Vector128.Load(channels);
    }
}
