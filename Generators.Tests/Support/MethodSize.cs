using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Kernels.Generators.Tests.Support;

/// <summary>What the JIT counts of a method's IL before it decides whether to optimise.</summary>
/// <param name="Name">Type and method.</param>
/// <param name="Bytes">IL bytes.</param>
/// <param name="Instructions">IL instructions.</param>
/// <param name="Blocks">Basic blocks: places that are jumped to or come after a jump.</param>
/// <param name="Locals">Locals and parameters.</param>
/// <param name="References">Instructions that read or write one of those.</param>
internal sealed record MethodSize(string Name, int Bytes, int Instructions, int Blocks, int Locals, int References)
{
    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value);

    /// <summary>Every method with a body in a compiled assembly.</summary>
    public static IReadOnlyList<MethodSize> Read(Stream image)
    {
        using var file = new PEReader(image, PEStreamOptions.LeaveOpen);
        MetadataReader metadata = file.GetMetadataReader();
        return
        [
            .. metadata.MethodDefinitions
                .Select(metadata.GetMethodDefinition)
                .Where(method => method.RelativeVirtualAddress != 0)
                .Select(method => Read(metadata, method, file.GetMethodBody(method.RelativeVirtualAddress))),
        ];
    }

    private static MethodSize Read(MetadataReader metadata, MethodDefinition method, MethodBodyBlock body)
    {
        string name = $"{metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name)}.{metadata.GetString(method.Name)}";
        int locals = body.LocalSignature.IsNil ? 0 : LocalCount(metadata.GetBlobReader(metadata.GetStandaloneSignature(body.LocalSignature).Signature));
        BlobReader il = body.GetILReader();
        var blocks = new HashSet<int> { 0 };
        int instructions = 0;
        int references = 0;
        while (il.RemainingBytes > 0)
        {
            int first = il.ReadByte();
            OpCode code = Codes[first == 0xfe ? 0xfe00 | il.ReadByte() : first];
            instructions++;
            references += code.Name!.StartsWith("ldloc", StringComparison.Ordinal) || code.Name.StartsWith("stloc", StringComparison.Ordinal)
                || code.Name.StartsWith("ldarg", StringComparison.Ordinal) || code.Name.StartsWith("starg", StringComparison.Ordinal) ? 1 : 0;
            SkipOperand(ref il, code, blocks);
        }

        return new MethodSize(name, il.Length, instructions, blocks.Count, locals + method.GetParameters().Count, references);
    }

    // A signature of locals: its kind, then their number.
    private static int LocalCount(BlobReader signature)
    {
        signature.ReadSignatureHeader();
        return signature.ReadCompressedInteger();
    }

    private static void SkipOperand(ref BlobReader il, OpCode code, HashSet<int> blocks)
    {
        switch (code.OperandType)
        {
            case OperandType.InlineNone:
                break;
            case OperandType.ShortInlineBrTarget:
                AddJump(blocks, il.ReadSByte(), il.Offset);
                break;
            case OperandType.InlineBrTarget:
                AddJump(blocks, il.ReadInt32(), il.Offset);
                break;
            case OperandType.InlineSwitch:
                int count = il.ReadInt32();
                int end = il.Offset + 4 * count;
                for (int i = 0; i < count; i++)
                {
                    AddJump(blocks, il.ReadInt32(), end);
                }

                break;
            default:
                il.Offset += code.OperandType switch
                {
                    OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                    OperandType.InlineVar => 2,
                    OperandType.InlineI8 or OperandType.InlineR => 8,
                    _ => 4,
                };
                break;
        }
    }

    private static void AddJump(HashSet<int> blocks, int distance, int next)
    {
        blocks.Add(next);
        blocks.Add(next + distance);
    }
}
