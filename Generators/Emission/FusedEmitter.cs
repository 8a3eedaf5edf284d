using System.Collections.Generic;
using Kernels.Fusion;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>The fused epilogue in C#: one method a tier, which all its tiles call.</summary>
internal static class FusedEmitter
{
    /// <summary>The scalars of the epilogue, as the walk over an image hands them on.</summary>
    public static string Scalars(LayerSpec spec) => spec.HasSecond ? "&scalars" : "packed.Epilogue";

    /// <summary>The argument of helpers of the runtime that otherwise take the layer's own scalars.</summary>
    public static string ScalarsArgument(LayerSpec spec) => spec.HasSecond ? ", &scalars" : string.Empty;

    /// <summary>Emits the scalars that <see cref="Scalars"/> names.</summary>
    public static void EmitScalars(CodeWriter code, LayerSpec spec)
    {
        if (spec.HasSecond)
        {
            code.Line("EpilogueScalars scalars = image.Scalars(packed.Epilogue);");
        }
    }

    /// <summary>Name of the method that turns a vector of sums into codes.</summary>
    public static string Name(Tier tier) => "Finish" + tier.Name;

    /// <summary>Emits the method of a tier whose lanes are channels.</summary>
    public static void EmitLanes(CodeWriter code, LayerSpec spec, Tier tier)
    {
        string vector = VectorSyntax.Of(tier).Vector;
        Open(code, spec, $"Vector128<byte> {Name(tier)}({vector}<int> sum, LaneBlock* block, int lane, EpilogueScalars* e, byte* output, int count)");
        code.Line($"{vector}<float> x = Fused.Real(sum, {vector}.Load(block->Bias + lane), {vector}.Load(block->Multiplier + lane));");
        foreach (string function in Functions(
            spec,
            array => $"{vector}.Load(block->Affine + {(array == 0 ? string.Empty : Text.Number(array * 16) + " + ")}lane)",
            "Lanes.LoadCodes(output + e->Second, count)"))
        {
            code.Line($"x = Fused.{function};");
        }

        code.Line($"return Lanes.Narrow(Lanes.Codes(x * {vector}.Create({Constant(EpilogueProgram.InverseScale)}), *e));");
        code.Close().Line();
    }

    /// <summary>Emits the method of a tier whose lanes are pixels.</summary>
    /// <param name="code">Receives the text.</param>
    /// <param name="spec">The layer.</param>
    /// <param name="tier">The tier.</param>
    /// <param name="stride">Values from one array of constants to the next.</param>
    public static void EmitPixels(CodeWriter code, LayerSpec spec, Tier tier, int stride)
    {
        string vector = VectorSyntax.Of(tier).Vector;
        string second = spec.HasSecond ? ", byte* second" : string.Empty;
        Open(code, spec, $"{vector}<int> {Name(tier)}({vector}<int> sum, PixelBlock* block, int a, EpilogueScalars* e{second})");
        code.Line($"{vector}<float> x = Fused.Real(sum, {vector}.Create(block->Bias[a]), {vector}.Create(block->Multiplier[a]));");
        foreach (string function in Functions(
            spec,
            array => $"{vector}.Create(block->Affine[{(array == 0 ? string.Empty : Text.Number(array * stride) + " + ")}a])",
            $"Lanes.LoadCodes(second, {Text.Number(tier.Lanes)})"))
        {
            code.Line($"x = Fused.{function};");
        }

        code.Line($"return Lanes.Codes(x * {vector}.Create({Constant(EpilogueProgram.InverseScale)}), *e);");
        code.Close().Line();
    }

    private static void Open(CodeWriter code, LayerSpec spec, string signature)
    {
        code.Line($"// Epilogue: {string.Join(", ", spec.Epilogue)}, each operation rounded by itself; then steps of the output, clamp, round half even, zero point.");
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        code.Open("private static " + signature);
    }

    private static IEnumerable<string> Functions(LayerSpec spec, System.Func<int, string> channels, string second)
    {
        int place = EpilogueProgram.First;
        int array = 0;
        foreach (FusedFunction function in spec.Epilogue)
        {
            place++;
            switch (function)
            {
                case FusedFunction.LeakyRelu:
                    yield return $"{function}(x, {Constant(place)})";
                    break;
                case FusedFunction.Clip or FusedFunction.Affine:
                    yield return $"{function}(x, {Constant(place)}, {Constant(place + 1)})";
                    break;
                case FusedFunction.ChannelAffine:
                    yield return $"{function}(x, {channels(array)}, {channels(array + 1)})";
                    array += 2;
                    break;
                case FusedFunction.Add:
                    yield return $"{function}(x, {second}, {Constant(place)}, *(int*)(e->Constants + {Text.Number(place + 1)}))";
                    break;
                default:
                    yield return $"{function}(x)";
                    break;
            }

            place += EpilogueProgram.Constants(function);
        }
    }

    private static string Constant(int place) => $"e->Constants[{Text.Number(place)}]";
}
