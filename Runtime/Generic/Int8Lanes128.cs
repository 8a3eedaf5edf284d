using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Kernels.Execution;

namespace Kernels.Generic;

/// <summary>Int8 lanes of 128 bits: SSE, or whatever the platform makes of Vector128.</summary>
internal readonly unsafe struct Int8Lanes128 : ILanes<Vector128<int>>
{
    public static int Count => Vector128<int>.Count;

    public static bool HasManyRegisters => false;

    public static int OutputSize => sizeof(byte);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load(int* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Broadcast(int* source) => Vector128.Create(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAdd(Vector128<int> sum, Vector128<int> input, Vector128<int> weight) => Words128.Step(sum, input, weight);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<int> sum, Epilogue* epilogue, int channel, byte* output, int count)
    {
        Vector128<float> value = Vector128.ConvertToSingle(sum) + Vector128.Load(epilogue->Bias + channel);
        value *= Vector128.Load(epilogue->Multiplier + channel);
        if (epilogue->HasSlope)
        {
            value = Vector128.ConditionalSelect(Vector128.LessThan(value, Vector128<float>.Zero), value * epilogue->NegativeSlope, value);
        }

        if (epilogue->Fused.FunctionCount > 0)
        {
            value = Fused.Apply(value, epilogue->Fused, epilogue->Channels + channel, epilogue->ChannelStride, output + epilogue->Fused.Second, count);
        }

        value = Vector128.MinNative(Vector128.MaxNative(value, Vector128.Create(epilogue->Lower)), Vector128.Create(epilogue->Upper));
        Vector128<int> codes = Vector128.ConvertToInt32Native(Vector128.Round(value)) + Vector128.Create(epilogue->ZeroPoint);
        Vector128<short> words = Vector128.Narrow(codes, codes);
        Vector128<byte> bytes = Vector128.Narrow(words.AsUInt16(), words.AsUInt16());
        if (count >= Count)
        {
            *(uint*)output = bytes.AsUInt32().ToScalar();
        }
        else
        {
            PartialStore.Store(bytes, output, count);
        }
    }
}
