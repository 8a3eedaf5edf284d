using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>The kernel class of the ChannelLanes dataflow: layout for packing, one ladder of tiers, rows, tiles.</summary>
internal static class ChannelLanesEmitter
{
    /// <summary>Emits the class.</summary>
    public static void Emit(CodeWriter code, KernelPlan plan)
    {
        code.Open("file static unsafe class Kernel");
        EmitLayout(code, plan);
        EmitRun(code, plan);
        foreach (TilePlan tiles in plan.Lanes.Tiles)
        {
            var tier = new LaneTierEmitter(code, plan, tiles);
            tier.EmitImage();
            tier.EmitRows();
        }

        new LaneTierEmitter(code, plan, null).EmitImage();
        code.Close();
    }

    private static void EmitLayout(CodeWriter code, KernelPlan plan)
    {
        LayerSpec spec = plan.Spec;
        AxisGeometry vertical = plan.Geometry.Vertical;
        AxisGeometry horizontal = plan.Geometry.Horizontal;
        code.Line("public static readonly ConvolutionSpec Spec = new()").Open();
        code.Lines($"""
            Kind = ConvolutionKind.{spec.Kind},
            InChannels = {Text.Number(spec.InChannels)},
            OutChannels = {Text.Number(spec.OutChannels)},
            KernelHeight = {Text.Number(spec.Vertical.Kernel)},
            KernelWidth = {Text.Number(spec.Horizontal.Kernel)},
            StrideHeight = {Text.Number(spec.Vertical.Stride)},
            StrideWidth = {Text.Number(spec.Horizontal.Stride)},
            PaddingHeight = {Text.Number(spec.Vertical.Padding)},
            PaddingWidth = {Text.Number(spec.Horizontal.Padding)},
            OutputPaddingHeight = {Text.Number(spec.Vertical.OutputPadding)},
            OutputPaddingWidth = {Text.Number(spec.Horizontal.OutputPadding)},
            DilationHeight = {Text.Number(spec.Vertical.Dilation)},
            DilationWidth = {Text.Number(spec.Horizontal.Dilation)},
            Groups = {Text.Number(spec.Groups)},
            HasBias = {Text.Bool(spec.HasBias)},
            Activation = Activation.{spec.Activation},
            NegativeSlope = {Text.Float(spec.NegativeSlope)},
            WeightScheme = WeightScheme.{(spec.PerChannelWeights ? "PerChannel" : "PerTensor")},
            """);
        code.Close(";").Line();

        code.Line("// Where weights go: for each panel the input pixels of its steps and the taps that multiply them.");
        code.Line("public static readonly LaneLayout Layout = new(");
        code.Line("    Spec,");
        code.Line($"    new RowShape(Groups: {Text.Number(spec.Groups)}, GroupChannels: {Text.Number(spec.GroupInputs)}, GroupStride: {Text.Number(plan.Lanes.UnitChannels)}, "
            + $"Rows: {Text.Number(vertical.Last - vertical.First + 1)}, FirstColumn: {Text.Number(horizontal.First)}, LastColumn: {Text.Number(horizontal.Last)}, "
            + $"InputStride: {Text.Number(horizontal.InputStride)}, OutputStride: {Text.Number(horizontal.OutputStride)}),");
        code.Line("    [");
        foreach (LanePanelPlan panel in plan.Lanes.Panels)
        {
            StepPattern pattern = plan.Lanes.Patterns[panel.Pattern];
            IEnumerable<(int Row, int Column)> steps = Enumerable.Range(0, pattern.Steps).Select(step => (step / pattern.Columns * pattern.RowStep, step % pattern.Columns * pattern.ColumnStep));
            code.Line($"        new LanePanel({Text.Number(panel.Horizontal.Count)}, Rows: {Text.List(steps.Select(step => step.Row))}, "
                + $"Columns: {Text.List(steps.Select(step => step.Column))}, Taps: {Text.List(panel.Taps(spec))}),");
        }

        code.Line("    ]);").Line();
    }

    private static void EmitRun(CodeWriter code, KernelPlan plan)
    {
        LayerSpec spec = plan.Spec;
        code.Open("public static void Run(PackedConvolution packed, ReadOnlySpan<byte> input, int batch, int height, int width, Span<byte> output)");
        code.Lines("""
            // Checked here once: below, every address lies in these spans, in the packed weights or in staged rows.
            Shape4 shape = LayerGuard.CheckRun(Spec, input, batch, height, width, output);
            """);
        code.Open("fixed (byte* source = input, target = output)");
        code.Open("for (int n = 0; n < batch; n++)");
        code.Line($"byte* x = source + (nint)n * height * width * {Text.Number(spec.InChannels)};");
        code.Line($"byte* y = target + (nint)n * shape.H * shape.W * {Text.Number(spec.OutChannels)};");
        code.Line("RunImage(packed, new KernelImage(x, height, width, y, shape.H, shape.W));");
        code.Close().Close().Line();
        code.Line("GC.KeepAlive(packed);");
        code.Close().Line();

        code.Open("private static void RunImage(PackedConvolution packed, in KernelImage image)");
        string keyword = "if";
        foreach (TilePlan tiles in plan.Lanes.Tiles)
        {
            VectorSyntax syntax = VectorSyntax.Of(tiles.Tier);
            if (syntax.Bytes is string bytes)
            {
                code.Open($"{keyword} ({syntax.Guard} && packed.UsesBytes)").Line($"Image{tiles.Tier.Name}<{bytes}>(packed, image);").Close();
                keyword = "else if";
            }

            code.Open($"{keyword} ({syntax.Guard})").Line($"Image{tiles.Tier.Name}<{syntax.Words}>(packed, image);").Close();
            keyword = "else if";
        }

        code.Open("else").Line("ImageScalar(packed, image);").Close();
        code.Close().Line();
    }
}
