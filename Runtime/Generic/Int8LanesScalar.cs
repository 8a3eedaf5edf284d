using System;
using System.Runtime.CompilerServices;
using Kernels.Execution;

namespace Kernels.Generic;

/// <summary>Int8 with one lane, for CPUs without vectors and as the plainest form of the others.</summary>
internal readonly unsafe struct Int8LanesScalar : ILanes<int>
{
    public static int Count => 1;

    public static bool HasManyRegisters => false;

    public static int OutputSize => sizeof(byte);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Load(int* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Broadcast(int* source) => *source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MultiplyAdd(int sum, int input, int weight) => sum + (short)input * (short)weight + (input >> 16) * (weight >> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(int sum, Epilogue* epilogue, int channel, byte* output, int count)
    {
        float value = (float)sum + epilogue->Bias[channel];
        value *= epilogue->Multiplier[channel];
        if (epilogue->HasSlope && value < 0)
        {
            value *= epilogue->NegativeSlope;
        }

        if (epilogue->Fused.FunctionCount > 0)
        {
            value = Fused.Apply(value, epilogue->Fused, epilogue->Channels + channel, epilogue->ChannelStride, output + epilogue->Fused.Second);
        }

        value = MathF.Min(MathF.Max(value, epilogue->Lower), epilogue->Upper);
        *output = (byte)((int)MathF.Round(value) + epilogue->ZeroPoint);
    }
}
