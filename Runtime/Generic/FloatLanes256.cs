using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Generic;

/// <summary>Float32 lanes of 256 bits. Multiply-adds are fused on every tier, so that all give the same sums.</summary>
internal readonly unsafe struct FloatLanes256 : ILanes<Vector256<float>>
{
    public static int Count => Vector256<float>.Count;

    public static bool HasManyRegisters => false;

    public static int OutputSize => sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(int* source) => Vector256.Load((float*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Broadcast(int* source) => Vector256.Create(*(float*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> sum, Vector256<float> input, Vector256<float> weight) =>
        Vector256.FusedMultiplyAdd(input, weight, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> sum, Epilogue* epilogue, int channel, byte* output, int count)
    {
        Vector256<float> value = sum + Vector256.Load(epilogue->Bias + channel);
        if (epilogue->HasSlope)
        {
            value = Vector256.ConditionalSelect(Vector256.LessThan(value, Vector256<float>.Zero), value * epilogue->NegativeSlope, value);
        }

        if (epilogue->HasBounds)
        {
            value = Vector256.Min(Vector256.Max(value, Vector256.Create(epilogue->Lower)), Vector256.Create(epilogue->Upper));
        }

        if (count >= Count)
        {
            value.Store((float*)output);
        }
        else
        {
            // A copy, so that the address of the vector itself is never taken and it stays in a register.
            Vector256<float> copy = value;
            PartialStore.Store((float*)&copy, (float*)output, count);
        }
    }
}
