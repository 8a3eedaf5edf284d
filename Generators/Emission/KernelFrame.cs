using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;
using Kernels.Shared;

namespace Kernels.Generators.Emission;

/// <summary>What the kernel classes of all dataflows have in common: the spec, the entry with its checks, the ladder of tiers.</summary>
internal static class KernelFrame
{
    private static void EmitSpec(CodeWriter code, LayerSpec spec)
    {
        code.Line("/// <inheritdoc/>").Line("public static ConvolutionSpec Spec { get; } = new()").Open();
        foreach (string line in SpecLines(spec))
        {
            code.Line(line);
        }

        code.Close(";").Line();
    }

    /// <summary>The properties of a spec, each as a line of an object initializer.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="layers">What the names of the namespace Kernels.Layers start with.</param>
    /// <param name="kernels">What the names of the namespace Kernels start with.</param>
    public static IEnumerable<string> SpecLines(LayerSpec spec, string layers = "", string kernels = "")
    {
        yield return $"Kind = {layers}ConvolutionKind.{spec.Kind},";
        yield return $"InChannels = {Text.Number(spec.InChannels)},";
        yield return $"OutChannels = {Text.Number(spec.OutChannels)},";
        yield return $"KernelHeight = {Text.Number(spec.Vertical.Kernel)},";
        yield return $"KernelWidth = {Text.Number(spec.Horizontal.Kernel)},";
        yield return $"StrideHeight = {Text.Number(spec.Vertical.Stride)},";
        yield return $"StrideWidth = {Text.Number(spec.Horizontal.Stride)},";
        yield return $"PaddingHeight = {Text.Number(spec.Vertical.Padding)},";
        yield return $"PaddingWidth = {Text.Number(spec.Horizontal.Padding)},";
        yield return $"OutputPaddingHeight = {Text.Number(spec.Vertical.OutputPadding)},";
        yield return $"OutputPaddingWidth = {Text.Number(spec.Horizontal.OutputPadding)},";
        yield return $"DilationHeight = {Text.Number(spec.Vertical.Dilation)},";
        yield return $"DilationWidth = {Text.Number(spec.Horizontal.Dilation)},";
        yield return $"Groups = {Text.Number(spec.Groups)},";
        yield return $"HasBias = {Text.Bool(spec.HasBias)},";
        yield return $"Activation = {kernels}Activation.{spec.Activation},";
        yield return $"NegativeSlope = {Text.Float(spec.NegativeSlope)},";
        yield return $"WeightScheme = {kernels}WeightScheme.{(spec.PerChannelWeights ? "PerChannel" : "PerTensor")},";
        if (spec.IsFused)
        {
            yield return $"Epilogue = new({string.Join(", ", spec.Epilogue.Select(function => $"{layers}EpilogueFunction.{function}"))}),";
        }

        if (spec.Vertical.InputSize > 0)
        {
            yield return $"InputHeight = {Text.Number(spec.Vertical.InputSize)},";
        }

        if (spec.Horizontal.InputSize > 0)
        {
            yield return $"InputWidth = {Text.Number(spec.Horizontal.InputSize)},";
        }
    }

    /// <summary>Emits the spec, the quantization, and how a layer is made.</summary>
    public static void EmitMembers(CodeWriter code, KernelPlan plan, string packedType)
    {
        string name = KernelName.Of(plan.Spec);
        EmitSpec(code, plan.Spec);
        code.Lines($"""
            /// <inheritdoc/>
            public QuantizationParameters InputQuantization => _packed.InputQuantization;

            /// <inheritdoc/>
            public QuantizationParameters OutputQuantization => _packed.OutputQuantization;

            /// <summary>The weights as the kernel reads them.</summary>
            public PackedConvolution Packed => _packed;

            /// <inheritdoc/>
            public static {name} Create(QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output) =>
                new({packedType}.Pack(Layout, Code, weight, bias, input, output));

            """);
        if (plan.Spec.IsFused)
        {
            code.Lines($"""
                /// <inheritdoc/>
                public static IQuantizedLayer Create(QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue) =>
                    new {name}({packedType}.Pack(Layout, Code, weight, bias, input, output, epilogue));

                """);
        }

        if (plan.Spec.HasSecond)
        {
            code.Lines("""
                /// <inheritdoc/>
                public QuantizationParameters SecondQuantization => _packed.SecondQuantization!.Value;

                """);
        }

        code.Lines("""
            /// <inheritdoc/>
            public Shape4 OutputShape(Shape4 input) => Spec.OutputShape(input);

            """);
    }

    /// <summary>How the kernel reads input rows, as C#.</summary>
    public static string RowShape(KernelPlan plan, int groupStride, int? lastColumn = null, int beyond = 0)
    {
        AxisGeometry vertical = plan.Geometry.Vertical;
        AxisGeometry horizontal = plan.Geometry.Horizontal;
        return $"new RowShape(Groups: {Text.Number(plan.Spec.Groups)}, GroupChannels: {Text.Number(plan.Spec.GroupInputs)}, GroupStride: {Text.Number(groupStride)}, "
            + $"Rows: {Text.Number(vertical.Last - vertical.First + 1)}, FirstColumn: {Text.Number(horizontal.First)}, LastColumn: {Text.Number(lastColumn ?? horizontal.Last)}, "
            + $"InputStride: {Text.Number(horizontal.InputStride)}, OutputStride: {Text.Number(horizontal.OutputStride)}"
            + (beyond == 0 ? ")" : $", Beyond: {Text.Number(beyond)})");
    }

    /// <summary>Emits the entry and the ladder of tiers.</summary>
    /// <param name="code">Receives the code.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="packedType">The packed weights.</param>
    /// <param name="machineCode">Whether there is a tier of machine code.</param>
    /// <param name="image">The method that walks over an image on a rung; null for the scalar tier below them.</param>
    public static void EmitRun(CodeWriter code, KernelPlan plan, string packedType, bool machineCode, Func<TierRung?, string> image)
    {
        bool hasSecond = plan.Spec.HasSecond;
        string second = hasSecond ? "second, " : string.Empty;
        if (hasSecond)
        {
            EmitRunWithout(code);
        }

        code.Line("/// <inheritdoc/>");
        code.Open($"public void Run(ReadOnlySpan<byte> input, {SecondParameter(plan.Spec)}int batch, int height, int width, Span<byte> output)");
        code.Line("// Checked here once: below, every address lies in these spans, in the packed weights or in staged rows.");
        code.Line($"Shape4 shape = LayerGuard.CheckRun(Spec, input, {second}batch, height, width, output);");
        code.Open($"fixed (byte* source = input, {(hasSecond ? "added = second, " : string.Empty)}target = output)");
        code.Line($"KernelRun.Run(&RunRows, _packed, source, height, width, target, shape, phases: {Text.Number(plan.Geometry.Vertical.OutputStride)}, work: {Text.Number(Work(plan))}{(hasSecond ? ", second: added" : string.Empty)});");
        code.Close().Line();
        code.Line("GC.KeepAlive(_packed);");
        code.Close().Line();

        code.Line("// Rows of one image; those of another band may be computed at the same time.");
        code.Open("private static void RunRows(PackedConvolution layer, in KernelImage image)");
        code.Line($"var packed = ({packedType})layer;");
        string keyword = "if";
        if (machineCode)
        {
            code.Open("if (packed.UsesMachineCode)").Line($"Image{Tier.Avx512Vnni.Name}(packed, image);").Close();
            keyword = "else if";
        }

        foreach (TierRung rung in TierLadder.Rungs)
        {
            string form = rung.Form is null ? string.Empty : $" && packed.Form == WeightForm.{rung.Form}";
            code.Open($"{keyword} ({rung.Guard}{form})").Line($"{image(rung)}(packed, image);").Close();
            keyword = "else if";
        }

        code.Open("else").Line($"{image(null)}(packed, image);").Close();
        code.Close().Line();
    }

    /// <summary>The walk over an image in unrolled tiles on every rung.</summary>
    public static string Unrolled(TierRung? rung) => rung is null ? "ImageScalar" : $"Image{rung.Text}<{rung.Dot}>";

    /// <summary>Emits what tells a Debug build, in which loops of the runtime are faster than tiles of an assembly that is not optimised.</summary>
    public static void EmitOptimized(CodeWriter code, LayerSpec spec) =>
        code.Line($"private static readonly bool Optimized = Optimization.IsOnFor(typeof({KernelName.Of(spec)}));").Line();

    /// <summary>Emits the run that a kernel refuses since it adds a second input.</summary>
    public static void EmitRunWithout(CodeWriter code) => code.Lines("""
        /// <inheritdoc/>
        public void Run(ReadOnlySpan<byte> input, int batch, int height, int width, Span<byte> output) => throw LayerGuard.NoSecond(Spec);

        """);

    /// <summary>The parameter of a second input, where the epilogue adds one.</summary>
    public static string SecondParameter(LayerSpec spec) => spec.HasSecond ? "ReadOnlySpan<byte> second, " : string.Empty;

    /// <summary>Opens the loop over rows of phases and fills the table of input rows.</summary>
    /// <param name="code">Receives the code.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="staged">How many times a row is staged: once for each residue of its columns, where the kernel wants them apart.</param>
    public static void OpenRows(CodeWriter code, KernelPlan plan, int staged = 1)
    {
        AxisGeometry vertical = plan.Geometry.Vertical;
        int rows = vertical.Last - vertical.First + 1;
        code.Line($"byte** rows = stackalloc byte*[{Text.Number(rows * staged)}];");
        code.Open("for (int y = image.FirstRow; y < image.EndRow; y++)");
        code.Line($"// Input rows {Text.Position(vertical.InputStride, "y", vertical.First)} to {Text.Position(vertical.InputStride, "y", vertical.Last)}{(staged == 1 ? string.Empty : $", each split into columns {RemarksEmitter.Columns(plan.Geometry.Horizontal)}")}.");
        code.Open($"for (int r = 0; r < {Text.Number(rows)}; r++)");
        string inputRow = InputRow(plan);
        string first = vertical.First == 0 ? string.Empty : $" - {Text.Number(-vertical.First)}";
        code.Line(staged == 1
            ? $"rows[r] = window.Row({inputRow}{first} + r);"
            : $"window.Split({inputRow}{first} + r, rows + {Text.Number(staged)} * r);");
        code.Close().Line();
        code.Line($"byte* line = image.Output + {OutputRow(plan)} * {RowCodes(plan)};");
    }

    /// <summary>Opens the block of a vertical phase, which a last output row may lack.</summary>
    public static void OpenPhase(CodeWriter code, KernelPlan plan, int phase)
    {
        if (phase == 0)
        {
            return;
        }

        code.Line();
        if (MayLack(plan, phase))
        {
            string height = plan.Geometry.Vertical.OutputSize is int size ? Text.Number(size) : "image.OutputHeight";
            code.Open($"if ({OutputRow(plan)} + {Text.Number(phase)} < {height})");
        }

        code.Line($"line += {RowCodes(plan)};");
    }

    /// <summary>Closes the block of a vertical phase.</summary>
    public static void ClosePhase(CodeWriter code, KernelPlan plan, int phase)
    {
        if (MayLack(plan, phase))
        {
            code.Close();
        }
    }

    /// <summary>Output columns of a horizontal phase.</summary>
    public static string Columns(KernelPlan plan, int phase) => plan.Geometry.Horizontal.CountOf(phase) is int count
        ? Text.Number(count)
        : $"image.Columns({Text.Number(phase)}, {Text.Number(plan.Geometry.Horizontal.OutputStride)})";

    /// <summary>Output columns.</summary>
    public static string OutputWidth(KernelPlan plan) => plan.Geometry.Horizontal.OutputSize is int size ? Text.Number(size) : "image.OutputWidth";

    /// <summary>The input rows of a vertical phase.</summary>
    public static string Rows(KernelPlan plan, AxisPhase phase) => phase.First == plan.Geometry.Vertical.First || phase.Taps.Count == 0
        ? "rows"
        : $"rows + {Text.Number(phase.First - plan.Geometry.Vertical.First)}";

    /// <summary>Codes of an output row, to be multiplied.</summary>
    public static string RowCodes(KernelPlan plan) => plan.Geometry.Horizontal.OutputSize is int size
        ? $"(nint){Text.Number(size * plan.Spec.OutChannels)}"
        : $"(nint)image.OutputWidth * {Text.Number(plan.Spec.OutChannels)}";

    private static bool MayLack(KernelPlan plan, int phase) => phase > 0 && plan.Geometry.Vertical.Count is null;

    /// <summary>What decides on threads: multiply-accumulates of an output pixel; the epilogue of a code takes about as long as 64.</summary>
    public static int Work(KernelPlan plan)
    {
        const int Epilogue = 64;
        LayerSpec spec = plan.Spec;
        double taps = (double)spec.Vertical.Kernel * spec.Horizontal.Kernel / (plan.Geometry.Vertical.OutputStride * plan.Geometry.Horizontal.OutputStride);
        return (int)Math.Min(int.MaxValue, spec.OutChannels * (spec.GroupInputs * taps + Epilogue));
    }

    /// <summary>The input row of a row's taps of offset 0.</summary>
    public static string InputRow(KernelPlan plan)
    {
        int stride = plan.Geometry.Vertical.InputStride;
        return stride == 1 ? "y" : Text.Number(stride) + " * y";
    }

    private static string OutputRow(KernelPlan plan)
    {
        int stride = plan.Geometry.Vertical.OutputStride;
        return stride == 1 ? "y" : Text.Number(stride) + " * y";
    }
}
