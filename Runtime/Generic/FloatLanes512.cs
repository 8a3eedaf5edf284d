using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Generic;

/// <summary>Float32 lanes of 512 bits. Multiply-adds are fused on every tier, so that all give the same sums.</summary>
internal readonly unsafe struct FloatLanes512 : ILanes<Vector512<float>>
{
    public static int Count => Vector512<float>.Count;

    public static bool HasManyRegisters => true;

    public static int OutputSize => sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(int* source) => Vector512.Load((float*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(int* source) => Vector512.Create(*(float*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> sum, Vector512<float> input, Vector512<float> weight) =>
        Vector512.FusedMultiplyAdd(input, weight, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> sum, Epilogue* epilogue, int channel, byte* output, int count)
    {
        Vector512<float> value = sum + Vector512.Load(epilogue->Bias + channel);
        if (epilogue->HasSlope)
        {
            value = Vector512.ConditionalSelect(Vector512.LessThan(value, Vector512<float>.Zero), value * epilogue->NegativeSlope, value);
        }

        if (epilogue->HasBounds)
        {
            value = Vector512.Min(Vector512.Max(value, Vector512.Create(epilogue->Lower)), Vector512.Create(epilogue->Upper));
        }

        if (count >= Count)
        {
            value.Store((float*)output);
        }
        else
        {
            // A copy, so that the address of the vector itself is never taken and it stays in a register.
            Vector512<float> copy = value;
            PartialStore.Store((float*)&copy, (float*)output, count);
        }
    }
}
