using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck.Xunit;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;
using Xunit;

namespace Kernels.Generators.Tests;

/// <summary>
/// Phases and taps against the definitions: along an axis a convolution's tap k leads from input <c>o * stride - padding + k * dilation</c>
/// to output o, a transposed one's from input i to output <c>i * stride - padding + k * dilation</c>.
/// </summary>
public class GeometryTests
{
    /// <summary>What one product of a layer multiplies, along one axis.</summary>
    private readonly record struct Product(int Output, int Input, int Tap);

    [Property(MaxTest = 1000)]
    public void Phases_read_what_the_definition_reads_each_once(bool transposed, byte kernel, byte stride, byte padding, byte dilation, byte outputPadding, byte size)
    {
        (LayerKind kind, AxisSpec axis) = Axis(transposed, kernel, stride, padding, dilation, outputPadding);
        int inputs = 1 + size % 20;
        int outputs = Outputs(kind, axis, inputs);

        Assert.Equal(Sorted(Defined(kind, axis, inputs, outputs)), Sorted(Planned(AxisGeometry.Of(kind == LayerKind.ConvTranspose2d, axis), inputs, outputs)));
    }

    [Property(MaxTest = 1000)]
    public void Every_output_belongs_to_one_phase(bool transposed, byte kernel, byte stride, byte padding, byte dilation)
    {
        (LayerKind kind, AxisSpec axis) = Axis(transposed, kernel, stride, padding, dilation, 0);
        var geometry = AxisGeometry.Of(kind == LayerKind.ConvTranspose2d, axis);

        Assert.Equal(Enumerable.Range(0, geometry.OutputStride), geometry.Phases.Select(phase => phase.Index));
        Assert.Equal(Enumerable.Range(0, axis.Kernel), geometry.Phases.SelectMany(phase => phase.Taps).Select(tap => tap.Kernel).Order());
    }

    [Property(MaxTest = 1000)]
    public void Offsets_of_a_phase_ascend_evenly_within_first_and_last(bool transposed, byte kernel, byte stride, byte padding, byte dilation)
    {
        (LayerKind kind, AxisSpec axis) = Axis(transposed, kernel, stride, padding, dilation, 0);
        var geometry = AxisGeometry.Of(kind == LayerKind.ConvTranspose2d, axis);

        foreach (AxisPhase phase in geometry.Phases)
        {
            Assert.Equal(Enumerable.Range(0, phase.Taps.Count).Select(n => phase.First + n * phase.Step), phase.Taps.Select(tap => tap.Offset));
            Assert.True(phase.Step > 0);
            Assert.All(phase.Taps, tap => Assert.InRange(tap.Offset, geometry.First, geometry.Last));
        }
    }

    [Property(MaxTest = 300)]
    public void Panels_of_ChannelLanes_cover_every_pair_of_phases_and_taps_once(
        bool transposed, byte channels, byte kernelHeight, byte strideHeight, byte dilationHeight, byte kernelWidth, byte strideWidth, byte dilationWidth)
    {
        (LayerKind kind, AxisSpec vertical) = Axis(transposed, kernelHeight, strideHeight, 0, dilationHeight, 0);
        (_, AxisSpec horizontal) = Axis(transposed, kernelWidth, strideWidth, 0, dilationWidth, 0);
        var spec = new LayerSpec(kind, 1 + channels % 4, 4, vertical, horizontal, 1, true, ActivationKind.None, 0, true);
        var geometry = LayerGeometry.Of(spec);
        ChannelLanesPlan plan = ChannelLanesPlan.Of(spec, geometry, out _)!;

        // (vertical phase, horizontal phase, row, column, tap): a step of a panel serves all its phases.
        IEnumerable<(int, int, int, int, int)> defined =
            from v in geometry.Vertical.Phases
            from h in geometry.Horizontal.Phases
            from row in v.Taps
            from column in h.Taps
            select (v.Index, h.Index, row.Offset, column.Offset, row.Kernel * horizontal.Kernel + column.Kernel);
        IEnumerable<(int, int, int, int, int)> planned = plan.Panels.SelectMany(panel =>
        {
            StepPattern pattern = plan.Patterns[panel.Pattern];
            int[] taps = [.. panel.Taps(spec)];
            return
                from step in Enumerable.Range(0, pattern.Steps)
                from tap in Enumerable.Range(0, panel.StepTaps)
                from phase in Enumerable.Range(0, panel.Horizontal.Count)
                select (
                    panel.Vertical.Index,
                    panel.Horizontal[phase].Index,
                    panel.Vertical.First + step / pattern.Columns * pattern.RowStep,
                    panel.Horizontal[phase].First + step % pattern.Columns * pattern.ColumnStep + tap,
                    taps[(step * panel.StepTaps + tap) * panel.Horizontal.Count + phase]);
        });

        Assert.Equal(defined.Order(), planned.Order());
    }

    [Property(MaxTest = 300)]
    public void Steps_of_PixelLanes_read_what_taps_read_when_rows_are_split_by_column(byte kernel, byte stride, byte padding, byte dilation, byte verticalDilation)
    {
        (LayerKind kind, AxisSpec horizontal) = Axis(false, kernel, stride, padding, dilation, 0);
        var vertical = new AxisSpec(3, 2, 1, 0, 1 + verticalDilation % 3);
        var spec = new LayerSpec(kind, 4, 2, vertical, horizontal, 1, true, ActivationKind.None, 0, true);
        var geometry = LayerGeometry.Of(spec);
        int[] residues = [.. geometry.Horizontal.Residues];
        const int Pixel = 100;

        // Row r of the image is staged as rows r * residues.Length on, place n of which is column n * stride + residue.
        IEnumerable<(int, int, int)> planned =
            from step in PixelPanelPlan.StepsOf(spec, geometry.Vertical.Phases[0], geometry.Horizontal)
            let column = (Pixel + step.StagedColumn) * horizontal.Stride + residues[step.StagedRow % residues.Length]
            select (step.StagedRow / residues.Length, column, step.Taps.Single());
        IEnumerable<(int, int, int)> defined =
            from y in Enumerable.Range(0, vertical.Kernel)
            from x in Enumerable.Range(0, horizontal.Kernel)
            select (y * vertical.Dilation, Pixel * horizontal.Stride - horizontal.Padding + x * horizontal.Dilation, y * horizontal.Kernel + x);

        Assert.Equal(defined.Order(), planned.Order());
        Assert.Equal(residues.Length, planned.Select(step => step.Item2 % horizontal.Stride).Distinct().Count());
        Assert.All(residues, residue => Assert.InRange(residue, 0, horizontal.Stride - 1));
    }

    [Fact]
    public void A_kernel_smaller_than_the_stride_leaves_phases_without_taps()
    {
        var geometry = AxisGeometry.Of(isTransposed: true, new AxisSpec(Kernel: 2, Stride: 3, Padding: 1, OutputPadding: 0, Dilation: 1));

        // Output 3i + p, padding 1: tap 1 reaches phase 0, tap 0 reaches phase 2 of the position before.
        Assert.Equal(["0: (0,1)", "1: ", "2: (1,0)"], geometry.Phases.Select(Text));
    }

    [Fact]
    public void The_phases_of_the_example_are_those_of_the_design()
    {
        var geometry = AxisGeometry.Of(isTransposed: true, new AxisSpec(Kernel: 3, Stride: 2, Padding: 1, OutputPadding: 1, Dilation: 1));

        Assert.Equal(["0: (0,1)", "1: (0,2) (1,0)"], geometry.Phases.Select(Text));
    }

    private static string Text(AxisPhase phase) => $"{phase.Index}: {string.Join(' ', phase.Taps.Select(tap => $"({tap.Offset},{tap.Kernel})"))}";

    private static (LayerKind Kind, AxisSpec Axis) Axis(bool transposed, byte kernel, byte stride, byte padding, byte dilation, byte outputPadding)
    {
        int s = 1 + stride % 6;
        int d = 1 + dilation % 4;
        return transposed
            ? (LayerKind.ConvTranspose2d, new AxisSpec(1 + kernel % 9, s, padding % 10, outputPadding % Math.Max(s, d), d))
            : (LayerKind.Conv2d, new AxisSpec(1 + kernel % 9, s, padding % 10, 0, d));
    }

    private static int Outputs(LayerKind kind, AxisSpec axis, int inputs)
    {
        int extent = axis.Dilation * (axis.Kernel - 1) + 1;
        int outputs = kind == LayerKind.ConvTranspose2d
            ? (inputs - 1) * axis.Stride - 2 * axis.Padding + extent + axis.OutputPadding
            : (int)Math.Floor((inputs + 2 * axis.Padding - extent) / (double)axis.Stride) + 1;
        return Math.Max(0, outputs);
    }

    private static IEnumerable<Product> Defined(LayerKind kind, AxisSpec axis, int inputs, int outputs) =>
        from tap in Enumerable.Range(0, axis.Kernel)
        from near in Enumerable.Range(0, kind == LayerKind.ConvTranspose2d ? inputs : outputs)
        let far = near * axis.Stride - axis.Padding + tap * axis.Dilation
        let product = kind == LayerKind.ConvTranspose2d ? new Product(far, near, tap) : new Product(near, far, tap)
        where product.Input >= 0 && product.Input < inputs && product.Output >= 0 && product.Output < outputs
        select product;

    private static IEnumerable<Product> Planned(AxisGeometry geometry, int inputs, int outputs) =>
        from output in Enumerable.Range(0, outputs)
        let position = output / geometry.OutputStride
        from tap in geometry.Phases[output % geometry.OutputStride].Taps
        let input = position * geometry.InputStride + tap.Offset
        where input >= 0 && input < inputs
        select new Product(output, input, tap.Kernel);

    private static Product[] Sorted(IEnumerable<Product> products) => [.. products.OrderBy(product => (product.Output, product.Input, product.Tap))];
}
