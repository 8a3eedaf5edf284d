using System;
using System.Runtime.CompilerServices;

namespace Kernels.Generic;

/// <summary>Float32 with one lane. Multiply-adds are fused on every tier, so that all give the same sums.</summary>
internal readonly unsafe struct FloatLanesScalar : ILanes<float>
{
    public static int Count => 1;

    public static bool HasManyRegisters => false;

    public static int OutputSize => sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(int* source) => *(float*)source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Broadcast(int* source) => *(float*)source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float sum, float input, float weight) => MathF.FusedMultiplyAdd(input, weight, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float sum, Epilogue* epilogue, int channel, byte* output, int count)
    {
        float value = sum + epilogue->Bias[channel];
        if (epilogue->HasSlope && value < 0)
        {
            value *= epilogue->NegativeSlope;
        }

        if (epilogue->HasBounds)
        {
            value = MathF.Min(MathF.Max(value, epilogue->Lower), epilogue->Upper);
        }

        *(float*)output = value;
    }
}
