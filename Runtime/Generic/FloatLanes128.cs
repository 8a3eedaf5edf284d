using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Generic;

/// <summary>Float32 lanes of 128 bits. Multiply-adds are fused on every tier, so that all give the same sums.</summary>
internal readonly unsafe struct FloatLanes128 : ILanes<Vector128<float>>
{
    public static int Count => Vector128<float>.Count;

    public static bool HasManyRegisters => false;

    public static int OutputSize => sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(int* source) => Vector128.Load((float*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Broadcast(int* source) => Vector128.Create(*(float*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> sum, Vector128<float> input, Vector128<float> weight) =>
        Vector128.FusedMultiplyAdd(input, weight, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> sum, Epilogue* epilogue, int channel, byte* output, int count)
    {
        Vector128<float> value = sum + Vector128.Load(epilogue->Bias + channel);
        if (epilogue->HasSlope)
        {
            value = Vector128.ConditionalSelect(Vector128.LessThan(value, Vector128<float>.Zero), value * epilogue->NegativeSlope, value);
        }

        if (epilogue->HasBounds)
        {
            value = Vector128.Min(Vector128.Max(value, Vector128.Create(epilogue->Lower)), Vector128.Create(epilogue->Upper));
        }

        if (count >= Count)
        {
            value.Store((float*)output);
        }
        else
        {
            // A copy, so that the address of the vector itself is never taken and it stays in a register.
            Vector128<float> copy = value;
            PartialStore.Store((float*)&copy, (float*)output, count);
        }
    }
}
