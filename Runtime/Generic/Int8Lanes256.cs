using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Kernels.Execution;

namespace Kernels.Generic;

/// <summary>Int8 lanes of 256 bits: AVX2.</summary>
internal readonly unsafe struct Int8Lanes256 : ILanes<Vector256<int>>
{
    public static int Count => Vector256<int>.Count;

    public static bool HasManyRegisters => false;

    public static int OutputSize => sizeof(byte);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(int* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int* source) => Vector256.Create(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> sum, Vector256<int> input, Vector256<int> weight) =>
        sum + Avx2.MultiplyAddAdjacent(input.AsInt16(), weight.AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> sum, Epilogue* epilogue, int channel, byte* output, int count)
    {
        Vector256<float> value = Vector256.ConvertToSingle(sum) + Vector256.Load(epilogue->Bias + channel);
        value *= Vector256.Load(epilogue->Multiplier + channel);
        if (epilogue->HasSlope)
        {
            value = Vector256.ConditionalSelect(Vector256.LessThan(value, Vector256<float>.Zero), value * epilogue->NegativeSlope, value);
        }

        if (epilogue->Fused.FunctionCount > 0)
        {
            value = Fused.Apply(value, epilogue->Fused, epilogue->Channels + channel, epilogue->ChannelStride, output + epilogue->Fused.Second, count);
        }

        value = Vector256.MinNative(Vector256.MaxNative(value, Vector256.Create(epilogue->Lower)), Vector256.Create(epilogue->Upper));
        Vector256<int> codes = Vector256.ConvertToInt32Native(Vector256.Round(value)) + Vector256.Create(epilogue->ZeroPoint);
        Vector128<short> words = Sse2.PackSignedSaturate(codes.GetLower(), codes.GetUpper());
        Vector128<byte> bytes = Sse2.PackUnsignedSaturate(words, words);
        if (count >= Count)
        {
            *(ulong*)output = bytes.AsUInt64().ToScalar();
        }
        else
        {
            PartialStore.Store(bytes, output, count);
        }
    }
}
