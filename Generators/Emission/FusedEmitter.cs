using System;
using Kernels.Fusion;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>The fused epilogue in C#: a type with a method for each width of vectors, which tiles and loops call.</summary>
internal static class FusedEmitter
{
    /// <summary>The scalars of the epilogue, as the walk over an image hands them on.</summary>
    public static string Scalars(LayerSpec spec) => spec.HasSecond ? "&scalars" : "packed.Epilogue";

    /// <summary>Emits the scalars that <see cref="Scalars"/> names.</summary>
    public static void EmitScalars(CodeWriter code, LayerSpec spec)
    {
        if (spec.HasSecond)
        {
            code.Line("EpilogueScalars scalars = image.Scalars(packed.Epilogue);");
        }
    }

    /// <summary>The type that turns sums into codes where lanes are channels: the runtime's, or one of the kernel's own.</summary>
    public static string LaneCodes(LayerSpec spec) => spec.IsFused ? "FusedCodes" : spec.Activation == ActivationKind.LeakyRelu ? "LeakyLaneCodes" : "LaneCodes";

    /// <summary>Emits the type of a kernel whose lanes are channels: a method a width of vectors.</summary>
    public static void EmitLanes(CodeWriter code, LayerSpec spec)
    {
        EmitNote(code, spec);
        code.Open($"private readonly struct {LaneCodes(spec)} : ILaneCodes");
        foreach (Tier tier in Tier.All)
        {
            EmitLanes(code, spec, tier);
        }

        code.Close().Line();
    }

    private static void EmitLanes(CodeWriter code, LayerSpec spec, Tier tier)
    {
        string vector = VectorSyntax.Of(tier).Vector;
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        code.Open($"public static Vector128<byte> Codes({vector}<int> sum, LaneBlock* block, int lane, EpilogueScalars* e, byte* output, int count)");
        code.Line($"{vector}<float> x = Fused.Real(sum, {vector}.Load(block->Bias + lane), {vector}.Load(block->Multiplier + lane));");
        EmitFunctions(
            code,
            spec,
            array => $"{vector}.Load(block->Channels + {(array == 0 ? string.Empty : Text.Number(array * 16) + " + ")}lane)",
            "Lanes.LoadCodes(output + e->Second, count)");
        code.Line("return Lanes.Narrow(Lanes.Codes(x, *e));");
        code.Close().Line();
    }

    /// <summary>The type that turns sums into codes where lanes are pixels: the runtime's, or one of the kernel's own.</summary>
    public static string PixelCodes(LayerSpec spec) => spec.IsFused ? "FusedCodes" : spec.Activation == ActivationKind.LeakyRelu ? "LeakyPixelCodes" : "PixelCodes";

    /// <summary>Emits the type of a kernel whose lanes are pixels: a method a width of vectors.</summary>
    /// <param name="code">Receives the text.</param>
    /// <param name="spec">The layer.</param>
    /// <param name="stride">Values from one array of constants to the next.</param>
    public static void EmitPixels(CodeWriter code, LayerSpec spec, int stride)
    {
        EmitNote(code, spec);
        code.Open($"private readonly struct {PixelCodes(spec)} : IPixelCodes");
        foreach (Tier tier in Tier.All)
        {
            EmitPixels(code, spec, tier, stride);
        }

        code.Close().Line();
    }

    private static void EmitPixels(CodeWriter code, LayerSpec spec, Tier tier, int stride)
    {
        string vector = VectorSyntax.Of(tier).Vector;
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        code.Open($"public static {vector}<int> Codes({vector}<int> sum, PixelBlock* block, int a, EpilogueScalars* e, byte* second)");
        code.Line($"{vector}<float> x = Fused.Real(sum, {vector}.Create(block->Bias[a]), {vector}.Create(block->Multiplier[a]));");
        EmitFunctions(
            code,
            spec,
            array => $"{vector}.Create(block->Channels[{(array == 0 ? string.Empty : Text.Number(array * stride) + " + ")}a])",
            $"Lanes.LoadCodes(second, {Text.Number(tier.Lanes)})");
        code.Line("return Lanes.Codes(x, *e);");
        code.Close().Line();
    }

    /// <summary>The type that turns sums into codes where lanes are channels in the order of <c>Quads</c>: the runtime's, or one of the kernel's own.</summary>
    public static string QuadCodes(LayerSpec spec) => spec.IsFused ? "FusedCodes" : spec.Activation == ActivationKind.LeakyRelu ? "LeakyQuadCodes" : "QuadCodes";

    /// <summary>Emits the type of a kernel whose lanes are channels in the order of <c>Quads</c>: four vectors of sums to one of codes, on each width.</summary>
    public static void EmitQuads(CodeWriter code, LayerSpec spec)
    {
        EmitNote(code, spec);
        code.Open($"private readonly struct {QuadCodes(spec)} : IQuadCodes");
        foreach (Tier tier in Tier.All)
        {
            EmitQuads(code, spec, tier);
        }

        code.Close().Line();
    }

    private static void EmitQuads(CodeWriter code, LayerSpec spec, Tier tier)
    {
        string vector = VectorSyntax.Of(tier).Vector;
        string bits = Text.Number(tier.Bits);
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        code.Open($"public static {vector}<byte> Codes({vector}<int> s0, {vector}<int> s1, {vector}<int> s2, {vector}<int> s3, DepthwiseBlock* block, EpilogueScalars* e, byte* output, int count)");
        if (spec.HasSecond)
        {
            code.Line($"Quads{bits} second = Quads{bits}.Codes(output + e->Second, count);");
        }

        code.Line($"return QuadEpilogue.Pack({Of(0, "First")}, {Of(1, "Second")}, {Of(2, "Third")}, {Of(3, "Fourth")});");
        code.Close().Line();

        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        code.Open($"private static {vector}<int> Codes({vector}<int> sum, DepthwiseBlock* block, int lane, EpilogueScalars* e{(spec.HasSecond ? $", {vector}<int> second" : string.Empty)})");
        code.Line($"{vector}<float> x = Fused.Real(sum, {vector}.Load(block->Bias + lane), {vector}.Load(block->Multiplier + lane));");

        // A chunk of a C# tier is a vector of bytes wide.
        EmitFunctions(code, spec, array => $"{vector}.Load(block->Multiplier + {Text.Number((array + 1) * tier.Bits / 8)} + lane)", "second");
        code.Line("return Lanes.Codes(x, *e);");
        code.Close().Line();

        string Of(int place, string part) => $"Codes(s{Text.Number(place)}, block, {Text.Number(place * tier.Lanes)}, e{(spec.HasSecond ? ", second." + part : string.Empty)})";
    }

    private static void EmitNote(CodeWriter code, LayerSpec spec) =>
        code.Line($"// Epilogue: {string.Join(", ", spec.Epilogue)}, each operation rounded by itself; then steps of the output, clamp, round half even, zero point.");

    /// <summary>The functions in their order, then the step from real units to those of each output channel.</summary>
    /// <param name="code">Receives the text.</param>
    /// <param name="spec">The layer.</param>
    /// <param name="channels">The constants of the lanes' channels in an array, by its number.</param>
    /// <param name="second">Codes of the second input.</param>
    private static void EmitFunctions(CodeWriter code, LayerSpec spec, Func<int, string> channels, string second)
    {
        int place = EpilogueProgram.First;
        int array = 0;
        foreach (FusedFunction function in spec.Epilogue)
        {
            place++;
            switch (function)
            {
                case FusedFunction.LeakyRelu:
                    code.Line($"x = Fused.{function}(x, {Constant(place)});");
                    break;
                case FusedFunction.Clip or FusedFunction.Affine:
                    code.Line($"x = Fused.{function}(x, {Constant(place)}, {Constant(place + 1)});");
                    break;
                case FusedFunction.ChannelAffine:
                    code.Line($"x = Fused.{function}(x, {channels(array)}, {channels(array + 1)});");
                    array += 2;
                    break;
                case FusedFunction.Add:
                    code.Line($"x = Fused.{function}(x, {second}, {Constant(place)}, *(int*)(e->Constants + {Text.Number(place + 1)}));");
                    break;
                default:
                    code.Line($"x = Fused.{function}(x);");
                    break;
            }

            place += EpilogueProgram.Constants(function);
        }

        code.Line($"x *= {channels(array)}; // 1 / output scale");
    }

    private static string Constant(int place) => $"e->Constants[{Text.Number(place)}]";
}
