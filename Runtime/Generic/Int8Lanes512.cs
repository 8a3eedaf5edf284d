using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Kernels.Execution;

namespace Kernels.Generic;

/// <summary>Int8 lanes of 512 bits: AVX-512 BW.</summary>
internal readonly unsafe struct Int8Lanes512 : ILanes<Vector512<int>>
{
    public static int Count => Vector512<int>.Count;

    public static bool HasManyRegisters => true;

    public static int OutputSize => sizeof(byte);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(int* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Broadcast(int* source) => Vector512.Create(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<int> sum, Vector512<int> input, Vector512<int> weight) =>
        sum + Avx512BW.MultiplyAddAdjacent(input.AsInt16(), weight.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> sum, Epilogue* epilogue, int channel, byte* output, int count)
    {
        Vector512<float> value = Vector512.ConvertToSingle(sum) + Vector512.Load(epilogue->Bias + channel);
        value *= Vector512.Load(epilogue->Multiplier + channel);
        if (epilogue->HasSlope)
        {
            value = Vector512.ConditionalSelect(Vector512.LessThan(value, Vector512<float>.Zero), value * epilogue->NegativeSlope, value);
        }

        if (epilogue->Fused.FunctionCount > 0)
        {
            value = Fused.Apply(value, epilogue->Fused, epilogue->Channels + channel, epilogue->ChannelStride, output + epilogue->Fused.Second, count);
        }

        value = Vector512.MinNative(Vector512.MaxNative(value, Vector512.Create(epilogue->Lower)), Vector512.Create(epilogue->Upper));
        Vector512<int> codes = Vector512.ConvertToInt32Native(Vector512.Round(value)) + Vector512.Create(epilogue->ZeroPoint);
        Vector128<byte> bytes = Avx512F.ConvertToVector128Byte(codes);
        if (count >= Count)
        {
            bytes.Store(output);
        }
        else
        {
            PartialStore.Store(bytes, output, count);
        }
    }
}
