using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Iced.Intel;

namespace Kernels.Generators.Tests.Support;

/// <summary>
/// Runs a machine-code routine one instruction after the other, so that its codes and its accesses can be checked on a CPU that lacks AVX-512.
/// It knows what the assemblers emit, and throws at anything else. Masked lanes of memory are not touched, as on a CPU.
/// </summary>
internal sealed unsafe class RoutineInterpreter
{
    private const int VectorBytes = 64;

    private readonly Dictionary<ulong, Instruction> _code = [];
    private readonly ulong[] _general = new ulong[16];
    private readonly byte[][] _vectors = new byte[32][];
    private readonly ulong[] _masks = new ulong[8];
    private bool _isZero;
    private bool _isBelow;

    private RoutineInterpreter(byte[] code)
    {
        var decoder = Decoder.Create(64, new ByteArrayCodeReader(code));
        while (decoder.IP < (ulong)code.Length)
        {
            decoder.Decode(out Instruction instruction);
            _code[instruction.IP] = instruction;
        }

        for (int i = 0; i < _vectors.Length; i++)
        {
            // What a routine does not write holds anything.
            _vectors[i] = new byte[VectorBytes];
            _vectors[i].AsSpan().Fill(0xA5);
        }
    }

    /// <summary>Runs a routine from its System V entry.</summary>
    /// <param name="code">Its bytes.</param>
    /// <param name="call">What it is called with.</param>
    public static void Run(byte[] code, void* call)
    {
        var machine = new RoutineInterpreter(code);
        machine.General(Register.RDI) = (ulong)call;
        ulong at = 0;
        while (machine._code[at] is { Mnemonic: not Mnemonic.Ret } instruction)
        {
            at = machine.Step(instruction) ?? instruction.NextIP;
        }
    }

    // The address of the next instruction where that is not the one behind.
    private ulong? Step(in Instruction i)
    {
        switch (i.Mnemonic)
        {
            case Mnemonic.Je:
                return _isZero ? i.NearBranchTarget : null;
            case Mnemonic.Jne:
                return _isZero ? null : i.NearBranchTarget;
            case Mnemonic.Jb:
                return _isBelow ? i.NearBranchTarget : null;
            case Mnemonic.Jae:
                return _isBelow ? null : i.NearBranchTarget;
            case Mnemonic.Jmp:
                return i.NearBranchTarget;
            case Mnemonic.Mov or Mnemonic.Add or Mnemonic.Sub or Mnemonic.Dec or Mnemonic.Shr or Mnemonic.Test or Mnemonic.Cmp or Mnemonic.Lea:
                Integer(i);
                return null;
            case Mnemonic.Prefetcht0 or Mnemonic.Prefetcht1 or Mnemonic.Prefetchw or Mnemonic.Vzeroupper:
                return null;
            case Mnemonic.Kmovq:
                _masks[i.Op0Register - Register.K0] = *(ulong*)Address(i);
                return null;
            case Mnemonic.Kshiftrq:
                _masks[i.Op0Register - Register.K0] = _masks[i.Op1Register - Register.K0] >> i.Immediate8;
                return null;
            case Mnemonic.Vmovdqu8 or Mnemonic.Vmovdqu32 or Mnemonic.Vmovdqa32:
                Move(i);
                return null;
            case Mnemonic.Vextracti32x4 or Mnemonic.Vextracti64x4:
                int bytes = i.Mnemonic == Mnemonic.Vextracti32x4 ? 16 : 32;
                var part = new byte[VectorBytes];
                Vector(i.Op1Register).AsSpan(i.Immediate8 * bytes, bytes).CopyTo(part);
                Store(i, part, bytes, 1);
                return null;
            case Mnemonic.Vcmpps:
                Compare(i);
                return null;
            default:
                Lanes(i);
                return null;
        }
    }

    private void Integer(in Instruction i)
    {
        int bytes = i.Op0Kind == OpKind.Memory ? i.MemorySize.GetSize() : i.Op0Register.GetSize();
        ulong target = i.Mnemonic is Mnemonic.Mov or Mnemonic.Lea ? 0 : Operand(i, 0);
        ulong source = i.Mnemonic == Mnemonic.Dec ? 1 : i.Mnemonic == Mnemonic.Lea ? (ulong)Address(i) : Operand(i, 1);
        ulong result = i.Mnemonic switch
        {
            Mnemonic.Mov or Mnemonic.Lea => source,
            Mnemonic.Add => target + source,
            Mnemonic.Sub or Mnemonic.Dec or Mnemonic.Cmp => target - source,
            Mnemonic.Shr => target >> (int)source,
            _ => target & source,
        };
        result = bytes == 4 ? (uint)result : result;
        if (i.Mnemonic is not (Mnemonic.Mov or Mnemonic.Lea))
        {
            _isZero = result == 0;
            _isBelow = i.Mnemonic == Mnemonic.Dec ? _isBelow : target < source;
        }

        if (i.Mnemonic is Mnemonic.Test or Mnemonic.Cmp)
        {
            return;
        }

        if (i.Op0Kind == OpKind.Memory)
        {
            *(ulong*)Address(i) = result;
        }
        else
        {
            General(i.Op0Register) = result;
        }
    }

    private ulong Operand(in Instruction i, int operand) => i.GetOpKind(operand) switch
    {
        OpKind.Register => i.GetOpRegister(operand).GetSize() == 4 ? (uint)General(i.GetOpRegister(operand)) : General(i.GetOpRegister(operand)),
        OpKind.Memory => i.MemorySize.GetSize() == 4 ? *(uint*)Address(i) : *(ulong*)Address(i),
        _ => i.GetImmediate(operand),
    };

    private void Move(in Instruction i)
    {
        int element = i.Mnemonic == Mnemonic.Vmovdqu8 ? 1 : 4;
        if (i.Op0Kind == OpKind.Memory)
        {
            Store(i, Vector(i.Op1Register), i.Op1Register.GetSize(), element);
            return;
        }

        Write(i, Source(i, 1, element, i.Op0Register.GetSize()), element);
    }

    private void Compare(in Instruction i)
    {
        if (i.Immediate8 != 1)
        {
            throw new NotSupportedException(i.ToString());
        }

        ReadOnlySpan<float> left = As<float>(Vector(i.Op1Register));
        ReadOnlySpan<float> right = As<float>(Source(i, 2, 4, VectorBytes));
        ulong mask = 0;
        for (int lane = 0; lane < left.Length; lane++)
        {
            mask |= left[lane] < right[lane] ? 1UL << lane : 0;
        }

        _masks[i.Op0Register - Register.K0] = mask;
    }

    // Instructions that compute a whole vector from one or two others.
    private void Lanes(in Instruction i)
    {
        int last = i.OpCount - 1;
        int element = i.Mnemonic is Mnemonic.Vpermb or Mnemonic.Vpermi2b or Mnemonic.Vpmaxub or Mnemonic.Vpminub ? 1 : i.Mnemonic is Mnemonic.Vpaddsw ? 2 : 4;
        var result = new byte[VectorBytes];
        if (i.Mnemonic == Mnemonic.Vpmovzxbd)
        {
            byte[] codes = Source(i, 1, 1, 16, maskElement: 1);
            for (int lane = 0; lane < 16; lane++)
            {
                result[lane * 4] = codes[lane];
            }

            Write(i, result, 4);
            return;
        }

        byte[] b = Source(i, last, 4, VectorBytes);
        byte[] a = last == 1 ? b : Vector(i.Op1Register);
        byte[] old = Vector(i.Op0Register);
        switch (i.Mnemonic)
        {
            case Mnemonic.Vpbroadcastd or Mnemonic.Vbroadcastss:
                As<int>(result).Fill(As<int>(b)[0]);
                break;
            case Mnemonic.Vpxord:
                Each<int>(result, a, b, static (x, y) => x ^ y);
                break;
            case Mnemonic.Vpsubd:
                Each<int>(result, a, b, static (x, y) => x - y);
                break;
            case Mnemonic.Vpdpbusd:
                old.CopyTo(result, 0);
                for (int at = 0; at < VectorBytes; at++)
                {
                    As<int>(result)[at / 4] += a[at] * (sbyte)b[at];
                }

                break;
            case Mnemonic.Vcvtdq2ps:
                for (int lane = 0; lane < 16; lane++)
                {
                    As<float>(result)[lane] = As<int>(b)[lane];
                }

                break;
            case Mnemonic.Vcvtps2dq:
                for (int lane = 0; lane < 16; lane++)
                {
                    float rounded = MathF.Round(As<float>(b)[lane], MidpointRounding.ToEven);
                    As<int>(result)[lane] = rounded is >= int.MinValue and < 2147483648f ? (int)rounded : int.MinValue;
                }

                break;
            case Mnemonic.Vaddps:
                Each<float>(result, a, b, static (x, y) => x + y);
                break;
            case Mnemonic.Vmulps:
                Each<float>(result, a, b, static (x, y) => x * y);
                break;
            case Mnemonic.Vmaxps:
                Each<float>(result, a, b, static (x, y) => x > y ? x : y);
                break;
            case Mnemonic.Vminps:
                Each<float>(result, a, b, static (x, y) => x < y ? x : y);
                break;
            case Mnemonic.Vfnmadd231ps:
                Each<float>(result, a, b, old, static (x, y, z) => MathF.FusedMultiplyAdd(-x, y, z));
                break;
            case Mnemonic.Vfmadd132ps:
                Each<float>(result, old, b, a, MathF.FusedMultiplyAdd);
                break;
            case Mnemonic.Vpaddsw:
                Each<short>(result, a, b, static (x, y) => (short)Math.Clamp(x + y, short.MinValue, short.MaxValue));
                break;
            case Mnemonic.Vpmaxub:
                Each<byte>(result, a, b, Math.Max);
                break;
            case Mnemonic.Vpminub:
                Each<byte>(result, a, b, Math.Min);
                break;
            case Mnemonic.Vpackssdw:
                for (int word = 0; word < 32; word++)
                {
                    byte[] from = word % 8 < 4 ? a : b;
                    int value = As<int>(from)[word / 8 * 4 + word % 4];
                    As<short>(result)[word] = (short)Math.Clamp(value, short.MinValue, short.MaxValue);
                }

                break;
            case Mnemonic.Vpackuswb:
                for (int at = 0; at < VectorBytes; at++)
                {
                    byte[] from = at % 16 < 8 ? a : b;
                    result[at] = (byte)Math.Clamp(As<short>(from)[at / 16 * 8 + at % 8], (short)0, (short)255);
                }

                break;
            case Mnemonic.Vpermd:
                for (int lane = 0; lane < 16; lane++)
                {
                    As<int>(result)[lane] = As<int>(b)[As<int>(a)[lane] & 15];
                }

                break;
            case Mnemonic.Vpermb:
                for (int at = 0; at < VectorBytes; at++)
                {
                    result[at] = b[a[at] & 63];
                }

                break;
            case Mnemonic.Vpermi2b:
                for (int at = 0; at < VectorBytes; at++)
                {
                    result[at] = (old[at] & 64) == 0 ? a[old[at] & 63] : b[old[at] & 63];
                }

                break;
            default:
                throw new NotSupportedException(i.ToString());
        }

        Write(i, result, element);
    }

    private static Span<T> As<T>(byte[] vector)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(vector.AsSpan());

    private static void Each<T>(byte[] result, byte[] a, byte[] b, Func<T, T, T> of)
        where T : unmanaged
    {
        for (int lane = 0; lane < VectorBytes / sizeof(T); lane++)
        {
            As<T>(result)[lane] = of(As<T>(a)[lane], As<T>(b)[lane]);
        }
    }

    private static void Each<T>(byte[] result, byte[] a, byte[] b, byte[] c, Func<T, T, T, T> of)
        where T : unmanaged
    {
        for (int lane = 0; lane < VectorBytes / sizeof(T); lane++)
        {
            As<T>(result)[lane] = of(As<T>(a)[lane], As<T>(b)[lane], As<T>(c)[lane]);
        }
    }

    // A vector operand; from memory only what the instruction reads: one element where it is spread, and no masked ones.
    private byte[] Source(in Instruction i, int operand, int element, int bytes, int maskElement = 0)
    {
        if (i.GetOpKind(operand) == OpKind.Register)
        {
            return Vector(i.GetOpRegister(operand));
        }

        var result = new byte[VectorBytes];
        byte* at = Address(i);
        if (i.IsBroadcast || i.Mnemonic is Mnemonic.Vpbroadcastd or Mnemonic.Vbroadcastss)
        {
            As<int>(result).Fill(*(int*)at);
            return result;
        }

        element = maskElement > 0 ? maskElement : element;
        for (int k = 0; k < bytes; k++)
        {
            if (i.OpMask == Register.None || (_masks[i.OpMask - Register.K0] >> (k / element) & 1) != 0)
            {
                result[k] = at[k];
            }
        }

        return result;
    }

    private void Store(in Instruction i, byte[] value, int bytes, int element)
    {
        if (i.Op0Kind != OpKind.Memory)
        {
            value = [.. value.AsSpan(0, bytes), .. new byte[VectorBytes - bytes]];
            value.CopyTo(Vector(i.Op0Register), 0);
            return;
        }

        byte* at = Address(i);
        for (int k = 0; k < bytes; k++)
        {
            if (i.OpMask == Register.None || (_masks[i.OpMask - Register.K0] >> (k / element) & 1) != 0)
            {
                at[k] = value[k];
            }
        }
    }

    private void Write(in Instruction i, byte[] value, int element)
    {
        byte[] target = Vector(i.Op0Register);
        int bytes = i.Op0Register.GetSize();
        for (int k = 0; k < VectorBytes; k++)
        {
            bool isSet = i.OpMask == Register.None || (_masks[i.OpMask - Register.K0] >> (k / element) & 1) != 0;
            target[k] = k >= bytes ? (byte)0 : isSet ? value[k] : i.ZeroingMasking ? (byte)0 : target[k];
        }
    }

    private byte* Address(in Instruction i)
    {
        ulong index = i.MemoryIndex == Register.None ? 0 : General(i.MemoryIndex) * (ulong)i.MemoryIndexScale;
        return (byte*)(General(i.MemoryBase) + index + i.MemoryDisplacement64);
    }

    private ref ulong General(Register register) => ref _general[register.GetFullRegister() - Register.RAX];

    private byte[] Vector(Register register) => _vectors[register.GetFullRegister() - Register.ZMM0];
}
