using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;
using Kernels.Shared;

namespace Kernels.Generators.Emission;

/// <summary>The head of a generated file: shape, phases and taps, dataflow, tile and cost, as a reader meets them.</summary>
internal static class RemarksEmitter
{
    private const string Elsewhere = "          elsewhere: loops of the runtime, which make the same bytes";

    // More taps than this are summed up instead of listed.
    private const int ListedTaps = 64;

    /// <summary>Emits the remarks.</summary>
    /// <param name="code">Receives the text.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="isLinear">Whether the layer is a linear one.</param>
    /// <param name="kernel">The class that has the kernel, where it is not the one that the remarks stand on.</param>
    public static void Emit(CodeWriter code, KernelPlan plan, bool isLinear, string? kernel = null)
    {
        code.Line("/// <remarks>").Line("/// <code>");
        if (isLinear)
        {
            code.Line($"/// Linear {Text.Number(plan.Spec.InChannels)} -> {Text.Number(plan.Spec.OutChannels)}: rows are the pixels of").Line("///");
        }

        foreach (string line in Lines(plan))
        {
            code.Line(line.Length == 0 ? "///" : "/// " + line);
        }

        if (kernel is not null)
        {
            code.Line($"/// Kernel    {kernel}, in a file of its own");
        }

        code.Line("/// </code>").Line("/// </remarks>");
    }

    /// <summary>The text by itself, also what a printed plan shows.</summary>
    public static IEnumerable<string> Lines(KernelPlan plan)
    {
        yield return Shape(plan.Spec);
        yield return string.Empty;
        foreach (string line in Taps(plan))
        {
            yield return line;
        }

        yield return string.Empty;
        foreach (string line in Dataflow(plan))
        {
            yield return line;
        }
    }

    private static string Shape(LayerSpec spec)
    {
        var parts = new List<string>
        {
            $"{spec.Kind} {Text.Number(spec.InChannels)} -> {Text.Number(spec.OutChannels)}, kernel {Pair(spec, axis => axis.Kernel, always: true)}",
        };
        Add("stride", axis => axis.Stride, 1);
        Add("padding", axis => axis.Padding, 0);
        Add("output padding", axis => axis.OutputPadding, 0);
        Add("dilation", axis => axis.Dilation, 1);
        if (spec.Vertical.InputSize > 0 || spec.Horizontal.InputSize > 0)
        {
            parts.Add($"input {Size(spec.Vertical)}x{Size(spec.Horizontal)}");
        }

        if (spec.Groups > 1)
        {
            parts.Add("groups " + Text.Number(spec.Groups));
        }

        if (spec.Activation != ActivationKind.None)
        {
            parts.Add(spec.Activation == ActivationKind.LeakyRelu ? $"LeakyRelu {Text.Float(spec.NegativeSlope).TrimEnd('f')}" : spec.Activation.ToString());
        }

        if (!spec.HasBias)
        {
            parts.Add("no bias");
        }

        return string.Join(", ", parts);

        void Add(string name, Func<AxisSpec, int> value, int silent)
        {
            if (value(spec.Vertical) != silent || value(spec.Horizontal) != silent)
            {
                parts.Add(name + " " + Pair(spec, value, always: false));
            }
        }
    }

    private static string Size(AxisSpec axis) => axis.InputSize > 0 ? Text.Number(axis.InputSize) : "any";

    private static string Pair(LayerSpec spec, Func<AxisSpec, int> value, bool always)
    {
        int vertical = value(spec.Vertical);
        int horizontal = value(spec.Horizontal);
        return vertical == horizontal && !always ? Text.Number(vertical) : Text.Number(vertical) + "x" + Text.Number(horizontal);
    }

    private static IEnumerable<string> Taps(KernelPlan plan)
    {
        AxisGeometry vertical = plan.Geometry.Vertical;
        AxisGeometry horizontal = plan.Geometry.Horizontal;
        int taps = plan.Spec.Vertical.Kernel * plan.Spec.Horizontal.Kernel;
        if (taps > ListedTaps || vertical.Phases.Count * horizontal.Phases.Count > ListedTaps)
        {
            yield return $"{Text.Number(taps)} taps in {Text.Number(vertical.Phases.Count * horizontal.Phases.Count)} phases";
            yield break;
        }

        var rows = new List<(string Pixel, string Reads)>();
        foreach (AxisPhase v in vertical.Phases)
        {
            foreach (AxisPhase h in horizontal.Phases)
            {
                string pixel = $"({Text.Position(vertical.OutputStride, "y", v.Index)}, {Text.Position(horizontal.OutputStride, "x", h.Index)})";
                IEnumerable<string> reads = v.Taps.SelectMany(_ => h.Taps, (row, column) =>
                    $"({Text.Number(row.Offset)},{Text.Number(column.Offset)})x({Text.Number(row.Kernel)},{Text.Number(column.Kernel)})");
                rows.Add((pixel, string.Join("  ", reads.DefaultIfEmpty("nothing: the bias alone"))));
            }
        }

        string strides = vertical.InputStride == 1 && horizontal.InputStride == 1
            ? "(dy,dx)"
            : $"({Text.Number(vertical.InputStride)}y+dy,{Text.Number(horizontal.InputStride)}x+dx)";
        int width = Math.Max("output pixel".Length, rows.Max(row => row.Pixel.Length)) + 2;
        yield return "output pixel".PadRight(width) + $"reads input {strides} through tap (ky,kx)";
        foreach ((string pixel, string reads) in rows)
        {
            foreach (string line in Wrapped(pixel.PadRight(width), reads, width))
            {
                yield return line;
            }
        }
    }

    // Taps in lines of at most 120 characters.
    private static IEnumerable<string> Wrapped(string head, string reads, int indent)
    {
        string line = head;
        foreach (string read in reads.Split(["  "], StringSplitOptions.None))
        {
            if (line.Length + read.Length > 112 && line.Trim().Length > 0 && line != head)
            {
                yield return line.TrimEnd();
                line = new string(' ', indent);
            }

            line += read + "  ";
        }

        yield return line.TrimEnd();
    }

    private static IEnumerable<string> Dataflow(KernelPlan plan)
    {
        IEnumerable<string> lines = plan.Dataflow switch
        {
            ChannelLanesPlan lanes => ChannelLanes(plan, lanes),
            PixelLanesPlan pixels => PixelLanes(plan, pixels),
            DepthwisePlan depthwise => Depthwise(plan, depthwise),
            GenericPlan => ["Dataflow  Generic: the runtime's kernel for any shape; everything loops"],
            _ => [],
        };
        foreach (string line in lines)
        {
            yield return line;
        }

        if (plan.Spec.IsFused)
        {
            yield return $"Fused     {string.Join(", ", plan.Spec.Epilogue)}: in float32, behind the sums and before the one rounding to codes";
            if (plan.Spec.HasSecond)
            {
                yield return "          Add reads a second input of the output's shape";
            }
        }

        foreach (RejectedDataflow other in plan.Rejected)
        {
            yield return $"Not       {other.Name}: {other.Reason}";
        }
    }

    private static IEnumerable<string> ChannelLanes(KernelPlan plan, ChannelLanesPlan lanes)
    {
        LayerSpec spec = plan.Spec;
        int perPanel = lanes.Panels[0].Lanes(spec);
        int blocks = (perPanel + 15) / 16;
        string phases = lanes.Panels[0].Horizontal.Count > 1 ? $" of {Text.Number(lanes.Panels[0].Horizontal.Count)} phases side by side" : string.Empty;
        yield return $"Dataflow  ChannelLanes: lanes hold output channels{phases}; input bytes are broadcast, 4 channels at a time";
        if (lanes.Patterns.Any(pattern => pattern.MergesTaps))
        {
            IEnumerable<string> steps = lanes.Panels
                .Where(panel => lanes.Patterns[panel.Pattern].Steps > 0)
                .Select(panel => (Taps: panel.StepTaps, lanes.Patterns[panel.Pattern].Units))
                .Distinct()
                .Select(step => $"{Counted(step.Taps, "tap")} x {Counted(spec.GroupInputs, "channel")} in {Counted(step.Units, "unit")}");
            yield return $"Merged    taps of a kernel row, which lie side by side in memory: {string.Join(", ", steps)} of 4";
        }

        IEnumerable<TilePlan> tiers = lanes.MachineTiles is TilePlan machine ? [machine, .. lanes.Tiles] : lanes.Tiles;
        foreach (string line in Tiles(tiers.Select(tile => (tile.Tier, $"{Text.Number(tile.Widths[0])} pixels x {Text.Number(tile.Vectors(tile.Blocks.Max()))} vectors of {Text.Number(tile.Tier.Lanes)} lanes"))))
        {
            yield return line;
        }

        yield return Elsewhere;
        long multiplied = lanes.Panels.Sum(panel => (long)lanes.Patterns[panel.Pattern].Dots * 4 * blocks * 16);
        long needed = lanes.Panels.Sum(panel => (long)lanes.Patterns[panel.Pattern].Steps * panel.StepTaps * spec.GroupInputs * perPanel);
        long used = needed * 100 / Math.Max(1, multiplied);
        yield return FormattableString.Invariant($"Cost      {lanes.Dots / 16:F0} dot steps of 16 lanes per input position; {used} % of the multiplications are the layer's");
        yield return Cycles(plan);
    }

    // What runs where, the best tier first.
    private static IEnumerable<string> Tiles(IEnumerable<(Tier Tier, string Tile)> tiers) =>
        tiers.Select((each, index) => $"{(index == 0 ? "Tile" : string.Empty),-10}{Names(each.Tier)}: {each.Tile}");

    private static string Names(Tier tier) => tier.IsMachineCode
        ? $"{tier.Name} (machine code)"
        : string.Join(", ", TierLadder.Rungs.Where(rung => rung.Text == tier.Name).Select(rung => rung.Name).Distinct());

    private static string Counted(int count, string name) => $"{Text.Number(count)} {name}{(count == 1 ? string.Empty : "s")}";

    private static IEnumerable<string> PixelLanes(KernelPlan plan, PixelLanesPlan pixels)
    {
        PixelPanelPlan panel = pixels.Panels[0];
        int phases = panel.Steps.Count == 0 ? 1 : panel.Steps[0].Taps.Count;
        yield return "Dataflow  PixelLanes: lanes hold neighbouring pixels of one output channel; weights are broadcast, 4 channels at a time";
        foreach (string line in Residues(plan.Geometry.Horizontal))
        {
            yield return "          " + line;
        }

        yield return $"Tile      {Text.Number(phases)} phases x {Text.Number(panel.Channels)} channels = {Text.Number(phases * panel.Channels)} accumulators for each vector of pixels";
        if (pixels.MachineCode)
        {
            yield return $"          {Names(Tier.Avx512Vnni)}: {Vectors(pixels.MachineWidths(panel, phases)[0])} of {Text.Number(Tier.Avx512Vnni.Lanes)} pixels";
        }

        foreach (Tier tier in pixels.Unrolled)
        {
            yield return $"          {Names(tier)}: {Vectors(pixels.Widths(tier, panel, phases)[0])} of {Text.Number(tier.Lanes)} pixels";
        }

        yield return Elsewhere;

        int dots = pixels.Panels.Sum(item => item.Dots);
        int used = plan.Spec.InChannels * 100 / pixels.UnitChannels;
        yield return FormattableString.Invariant($"Cost      {dots} dot steps per 4 input channels and 16 pixels; {used} % of the multiplications are the layer's");
        yield return Cycles(plan);

        static string Vectors(int count) => count == 1 ? "1 vector" : Text.Number(count) + " vectors";
    }

    /// <summary>The columns that a strided kernel reads, residue by residue.</summary>
    public static string Columns(AxisGeometry axis)
    {
        string[] columns = [.. axis.Residues.Select(residue => $"{Text.Number(axis.InputStride)}n{(residue == 0 ? string.Empty : "+" + Text.Number(residue))}")];
        return columns.Length <= 4 ? string.Join(", ", columns)
            : axis.Residues.Count == axis.InputStride ? $"{columns[0]} to {columns[columns.Length - 1]}"
            : $"{columns[0]}, {columns[1]} and so on to {columns[columns.Length - 1]}";
    }

    // Why and how rows are staged by residue, for a reader who has not met the word.
    private static IEnumerable<string> Residues(AxisGeometry axis)
    {
        if (axis.InputStride == 1)
        {
            yield break;
        }

        string stride = Text.Number(axis.InputStride);
        yield return $"neighbouring output pixels read input {stride} columns apart, so rows are split first: columns {Columns(axis)}";
        yield return axis.Residues.Count == 1
            ? "stand side by side in a row of their own, where they are neighbours; no tap reads the others"
            : "each stand side by side in a row of their own, where they are neighbours";
    }

    private static IEnumerable<string> Depthwise(KernelPlan plan, DepthwisePlan depthwise)
    {
        LayerSpec spec = plan.Spec;
        DepthwisePanelPlan panel = depthwise.Panels[0];
        int steps = depthwise.Panels.Sum(each => each.Quads.Count());
        yield return "Dataflow  Depthwise: lanes hold channels; bytes of 4 input pixels are unpacked to 4 a lane where they are read";
        IEnumerable<Tier> tiers = depthwise.MachineCode ? [Tier.Avx512Vnni, .. depthwise.Unrolled] : depthwise.Unrolled;
        foreach (string line in Tiles(tiers.Select(tier => (tier, $"{Text.Number(depthwise.Positions(tier, panel)[0] * panel.Phases.Count)} pixels x {Vectors(depthwise.LanesOf(tier))}"))))
        {
            yield return line;
        }

        yield return Elsewhere;
        int used = spec.Vertical.Kernel * spec.Horizontal.Kernel * 100 / Math.Max(1, steps * 4);
        yield return FormattableString.Invariant($"Cost      {steps} dot steps of 16 channels per input position; {used} % of the multiplications are the layer's");
        yield return Cycles(plan);

        static string Vectors(DepthwiseLanes lanes) => lanes.Repeat > 1
            ? $"({Text.Number(lanes.Repeat)} pixels of {Text.Number(lanes.Channels)} channels)"
            : string.Join(", then ", lanes.Chunks.Select(chunk => Text.Number(chunk.Lanes)).Distinct()) + " channels";
    }

    // vpdpbusd on 512 bits: one a cycle. vpmaddubsw, vpmaddwd and vpaddd: 1.5 cycles with two vector ports, 2 where they are split in halves.
    private static string Cycles(KernelPlan plan)
    {
        double dots = PlanCost.StepsOf(plan);
        bool machineCode = PlanCost.HasMachineCode(plan);
        return $"          about {(machineCode ? FormattableString.Invariant($"{dots:F0} cycles per input position on {Tier.Avx512Vnni.Name}, ") : string.Empty)}"
            + FormattableString.Invariant($"{dots * 1.5:F0} to {dots * 2:F0}{(machineCode ? string.Empty : " cycles per input position")} on Avx512, epilogue apart");
    }
}
