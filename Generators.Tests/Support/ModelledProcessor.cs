using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Iced.Intel;

namespace Kernels.Generators.Tests.Support;

/// <summary>The part of an x86-64 processor with AVX-512 that routines use, by the definitions of its instructions.</summary>
internal sealed unsafe class ModelledProcessor
{
    private const int VectorBytes = 64;

    private readonly Instruction[] _code;
    private readonly Dictionary<ulong, int> _places = [];
    private readonly long[] _general = new long[16];
    private readonly ulong[] _masks = new ulong[8];
    private readonly byte[] _vectors = GC.AllocateArray<byte>(32 * VectorBytes, pinned: true);
    private bool _isZero;
    private bool _isBelow;

    /// <summary>A processor about to run a routine.</summary>
    public ModelledProcessor(Instruction[] code)
    {
        _code = code;
        for (int i = 0; i < code.Length; i++)
        {
            _places[code[i].IP] = i;
        }

        // What a routine does not write holds anything.
        _vectors.AsSpan().Fill(0xA5);
    }

    /// <summary>Runs to the return.</summary>
    /// <param name="call">The first argument by System V's convention.</param>
    public void Run(byte* call)
    {
        _general[Register.RDI - Register.RAX] = (long)call;
        for (int place = 0; _code[place].Mnemonic != Mnemonic.Ret;)
        {
            ref readonly Instruction each = ref _code[place];
            bool jumps = each.Mnemonic switch
            {
                Mnemonic.Jmp => true,
                Mnemonic.Je => _isZero,
                Mnemonic.Jne => !_isZero,
                Mnemonic.Jb => _isBelow,
                Mnemonic.Jae => !_isBelow,
                _ => Execute(each),
            };
            place = jumps ? _places[each.NearBranchTarget] : place + 1;
        }
    }

    private bool Execute(in Instruction each)
    {
        switch (each.Mnemonic)
        {
            case Mnemonic.Mov:
                Write(each, Integer(each, 1));
                break;
            case Mnemonic.Shr:
                WriteFlagged(each, (long)((ulong)Integer(each, 0) >> (int)Integer(each, 1)));
                break;
            case Mnemonic.Add:
                WriteFlagged(each, Integer(each, 0) + Integer(each, 1));
                break;
            case Mnemonic.Sub:
                WriteFlagged(each, Integer(each, 0) - Integer(each, 1));
                break;
            case Mnemonic.Dec:
                WriteFlagged(each, Integer(each, 0) - 1);
                break;
            case Mnemonic.Lea:
                Write(each, (long)Address(each));
                break;
            case Mnemonic.Test:
                _isZero = (Integer(each, 0) & Integer(each, 1)) == 0;
                break;
            case Mnemonic.Cmp:
                _isZero = Integer(each, 0) == Integer(each, 1);
                _isBelow = (ulong)Integer(each, 0) < (ulong)Integer(each, 1);
                break;
            case Mnemonic.Kmovq:
                _masks[each.Op0Register - Register.K0] = *(ulong*)Address(each);
                break;
            case Mnemonic.Kshiftrq:
                _masks[each.Op0Register - Register.K0] = _masks[each.Op1Register - Register.K0] >> each.Immediate8;
                break;
            case Mnemonic.Prefetcht0 or Mnemonic.Prefetcht1 or Mnemonic.Prefetchw or Mnemonic.Vzeroupper:
                break;
            default:
                Vector(each);
                break;
        }

        return false;
    }

    private void Vector(in Instruction each)
    {
        int length = Math.Max(Length(each, 0), each.OpCount > 1 ? Length(each, 1) : 0);
        byte* a = stackalloc byte[VectorBytes], b = stackalloc byte[VectorBytes], result = stackalloc byte[VectorBytes];
        int last = each.OpCount - 1 - (each.GetOpKind(each.OpCount - 1) == OpKind.Immediate8 ? 1 : 0);
        switch (each.Mnemonic)
        {
            case Mnemonic.Vmovdqu32 or Mnemonic.Vmovdqa32 or Mnemonic.Vmovdqu8 or Mnemonic.Vmovups:
                if (each.Op0Kind == OpKind.Memory)
                {
                    Store(each, Bytes(each.Op1Register), Length(each, 1), each.Mnemonic == Mnemonic.Vmovdqu8 ? 1 : 4);
                    return;
                }

                Load(each, 1, length, result, each.Mnemonic == Mnemonic.Vmovdqu8 ? 1 : 4);
                break;
            case Mnemonic.Vextracti32x4 or Mnemonic.Vextracti64x4:
                int part = each.Mnemonic == Mnemonic.Vextracti32x4 ? 16 : 32;
                byte* from = Bytes(each.Op1Register) + each.Immediate8 * part;
                if (each.Op0Kind == OpKind.Memory)
                {
                    Store(each, from, part, 4);
                    return;
                }

                new Span<byte>(from, part).CopyTo(new Span<byte>(result, part));
                length = part;
                break;
            case Mnemonic.Vpbroadcastd or Mnemonic.Vbroadcastss:
                int value = *(int*)(each.Op1Kind == OpKind.Memory ? Address(each) : Bytes(each.Op1Register));
                new Span<int>(result, length / 4).Fill(value);
                break;
            case Mnemonic.Vpmovzxbd:
                Load(each, 1, length / 4, a, 1);
                for (int i = 0; i < length / 4; i++)
                {
                    ((int*)result)[i] = a[i];
                }

                break;
            case Mnemonic.Vcmpps:
                Load(each, 1, length = Length(each, 1), a);
                Load(each, 2, length, b);
                if (each.Immediate8 != 1)
                {
                    throw new NotSupportedException(each.ToString());
                }

                ulong mask = 0;
                for (int i = 0; i < length / 4; i++)
                {
                    mask |= ((float*)a)[i] < ((float*)b)[i] ? 1UL << i : 0;
                }

                _masks[each.Op0Register - Register.K0] = mask;
                return;
            default:
                Load(each, last - 1, length, a);
                Load(each, last, length, b);
                Combine(each, length, a, b, result);
                break;
        }

        WriteVector(each, result, length);
    }

    // Of two operands of a vector's length, or of one; for three the first is the target.
    private void Combine(in Instruction each, int length, byte* a, byte* b, byte* result)
    {
        byte* target = Bytes(each.Op0Register);
        for (int i = 0; i < length; i++)
        {
            int lane = i / 16 * 16;
            switch (each.Mnemonic)
            {
                case Mnemonic.Vpmaxub:
                    result[i] = Math.Max(a[i], b[i]);
                    break;
                case Mnemonic.Vpminub:
                    result[i] = Math.Min(a[i], b[i]);
                    break;
                case Mnemonic.Vpunpcklbw or Mnemonic.Vpunpckhbw:
                    result[i] = (i % 2 == 0 ? a : b)[lane + i % 16 / 2 + (each.Mnemonic == Mnemonic.Vpunpckhbw ? 8 : 0)];
                    break;
                case Mnemonic.Vpackuswb:
                    result[i] = (byte)Math.Clamp((int)((short*)(i % 16 < 8 ? a : b))[lane / 2 + i % 8], 0, 255);
                    break;
                case Mnemonic.Vpermb:
                    result[i] = b[a[i] % length];
                    break;
                case Mnemonic.Vpermi2b:
                    result[i] = (target[i] % (2 * length) < length ? a : b)[target[i] % length];
                    break;
                default:
                    if (i % 2 == 0)
                    {
                        CombineWord(each, i / 2, a, b, (short*)result);
                    }

                    if (i % 4 == 0)
                    {
                        CombineInteger(each, i / 4, length, a, b, (int*)result, ((int*)target)[i / 4]);
                    }

                    break;
            }
        }
    }

    private static void CombineWord(in Instruction each, int i, byte* a, byte* b, short* result)
    {
        int lane = i / 8 * 8;
        switch (each.Mnemonic)
        {
            case Mnemonic.Vpunpcklwd or Mnemonic.Vpunpckhwd:
                result[i] = ((short*)(i % 2 == 0 ? a : b))[lane + i % 8 / 2 + (each.Mnemonic == Mnemonic.Vpunpckhwd ? 4 : 0)];
                break;
            case Mnemonic.Vpackssdw:
                result[i] = (short)Math.Clamp(((int*)(i % 8 < 4 ? a : b))[lane / 2 + i % 4], short.MinValue, short.MaxValue);
                break;
            case Mnemonic.Vpaddsw:
                result[i] = (short)Math.Clamp(((short*)a)[i] + ((short*)b)[i], short.MinValue, short.MaxValue);
                break;
        }
    }

    private static void CombineInteger(in Instruction each, int i, int length, byte* a, byte* b, int* result, int target)
    {
        switch (each.Mnemonic)
        {
            case Mnemonic.Vpdpbusd:
                for (int k = 4 * i; k < 4 * i + 4; k++)
                {
                    target += a[k] * (sbyte)b[k];
                }

                result[i] = target;
                break;
            case Mnemonic.Vpermd:
                result[i] = ((int*)b)[((int*)a)[i] % (length / 4)];
                break;
            case Mnemonic.Vpxord:
                result[i] = ((int*)a)[i] ^ ((int*)b)[i];
                break;
            case Mnemonic.Vpsubd:
                result[i] = ((int*)a)[i] - ((int*)b)[i];
                break;
            case Mnemonic.Vmaxps:
                ((float*)result)[i] = ((float*)a)[i] > ((float*)b)[i] ? ((float*)a)[i] : ((float*)b)[i];
                break;
            case Mnemonic.Vminps:
                ((float*)result)[i] = ((float*)a)[i] < ((float*)b)[i] ? ((float*)a)[i] : ((float*)b)[i];
                break;
            case Mnemonic.Vfnmadd231ps:
                ((float*)result)[i] = MathF.FusedMultiplyAdd(-((float*)a)[i], ((float*)b)[i], BitConverter.Int32BitsToSingle(target));
                break;
            case Mnemonic.Vfmadd132ps:
                ((float*)result)[i] = MathF.FusedMultiplyAdd(BitConverter.Int32BitsToSingle(target), ((float*)b)[i], ((float*)a)[i]);
                break;
            case Mnemonic.Vaddps:
                ((float*)result)[i] = ((float*)a)[i] + ((float*)b)[i];
                break;
            case Mnemonic.Vmulps:
                ((float*)result)[i] = ((float*)a)[i] * ((float*)b)[i];
                break;
            case Mnemonic.Vcvtdq2ps:
                ((float*)result)[i] = ((int*)b)[i];
                break;
            case Mnemonic.Vcvtps2dq:
                double rounded = Math.Round((double)((float*)b)[i], MidpointRounding.ToEven);
                result[i] = rounded is >= int.MinValue and <= int.MaxValue ? (int)rounded : int.MinValue;
                break;
            case Mnemonic.Vpackssdw or Mnemonic.Vpaddsw or Mnemonic.Vpunpcklwd or Mnemonic.Vpunpckhwd:
                break;
            default:
                throw new NotSupportedException(each.ToString());
        }
    }

    // Masked elements keep their old value; what lies behind a shorter vector becomes 0.
    private void WriteVector(in Instruction each, byte* value, int length)
    {
        byte* target = Bytes(each.Op0Register);
        int element = each.Mnemonic is Mnemonic.Vpermb or Mnemonic.Vmovdqu8 ? 1 : 4;
        for (int i = 0; i < VectorBytes; i++)
        {
            if (i >= length || IsChosen(each, i / element))
            {
                target[i] = i < length ? value[i] : (byte)0;
            }
            else if (each.ZeroingMasking)
            {
                target[i] = 0;
            }
        }
    }

    private void Store(in Instruction each, byte* value, int length, int element)
    {
        byte* target = Address(each);
        for (int i = 0; i < length; i++)
        {
            if (IsChosen(each, i / element))
            {
                target[i] = value[i];
            }
        }
    }

    private bool IsChosen(in Instruction each, int element) => !each.HasOpMask || (_masks[each.OpMask - Register.K0] >> element & 1) != 0;

    // From memory only what the instruction reads: one element where it is spread, and no masked ones, which are 0 here.
    private void Load(in Instruction each, int operand, int length, byte* target, int element = 4)
    {
        if (operand < 0)
        {
            return;
        }

        if (each.GetOpKind(operand) != OpKind.Memory)
        {
            new Span<byte>(Bytes(each.GetOpRegister(operand)), length).CopyTo(new Span<byte>(target, length));
            return;
        }

        byte* source = Address(each);
        if (each.IsBroadcast)
        {
            new Span<int>(target, length / 4).Fill(*(int*)source);
            return;
        }

        if (!each.HasOpMask)
        {
            new Span<byte>(source, length).CopyTo(new Span<byte>(target, length));
            return;
        }

        for (int i = 0; i < length; i++)
        {
            target[i] = IsChosen(each, i / element) ? source[i] : (byte)0;
        }
    }

    private static int Length(in Instruction each, int operand) => each.GetOpKind(operand) != OpKind.Register ? 0 : each.GetOpRegister(operand) switch
    {
        >= Register.ZMM0 and <= Register.ZMM31 => 64,
        >= Register.YMM0 and <= Register.YMM31 => 32,
        >= Register.XMM0 and <= Register.XMM31 => 16,
        _ => 0,
    };

    private byte* Bytes(Register register) => (byte*)Unsafe.AsPointer(ref _vectors[register.GetNumber() * VectorBytes]);

    private byte* Address(in Instruction each)
    {
        long address = (long)each.MemoryDisplacement64;
        if (each.MemoryBase != Register.None)
        {
            address += _general[each.MemoryBase.GetFullRegister() - Register.RAX];
        }

        if (each.MemoryIndex != Register.None)
        {
            address += _general[each.MemoryIndex.GetFullRegister() - Register.RAX] * each.MemoryIndexScale;
        }

        return (byte*)address;
    }

    private long Integer(in Instruction each, int operand)
    {
        switch (each.GetOpKind(operand))
        {
            case OpKind.Register:
                Register register = each.GetOpRegister(operand);
                long value = _general[register.GetFullRegister() - Register.RAX];
                return register.IsGPR32() ? (uint)value : value;
            case OpKind.Memory:
                return *(long*)Address(each);
            default:
                return (long)each.GetImmediate(operand);
        }
    }

    private void WriteFlagged(in Instruction each, long value)
    {
        bool isShort = each.Op0Kind == OpKind.Register && each.Op0Register.IsGPR32();
        _isZero = isShort ? (uint)value == 0 : value == 0;
        Write(each, value);
    }

    private void Write(in Instruction each, long value)
    {
        if (each.Op0Kind == OpKind.Memory)
        {
            *(long*)Address(each) = value;
            return;
        }

        Register register = each.Op0Register;
        _general[register.GetFullRegister() - Register.RAX] = register.IsGPR32() ? (uint)value : value;
    }
}
