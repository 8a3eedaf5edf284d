using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Execution;
using Kernels.Generators.Emission;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Tests.Support;

/// <summary>
/// Calls machine-code routines directly, every buffer that they are handed exactly as long as its contents and between guard
/// pages: the call itself, the table of steps or rows, each input row, weights, start values and sums.
/// </summary>
internal static unsafe class RoutineSuite
{
    /// <summary>Runs routines of both dataflows.</summary>
    /// <returns>Routines whose sums are not those of the plain formula.</returns>
    public static IReadOnlyList<string> Run(out int cases)
    {
        var differences = new List<string>();
        var random = new Random(1);
        cases = 0;
        foreach (bool upper in new[] { true, false })
        {
            foreach (int units in new[] { 1, 2, 5, 16 })
            {
                foreach (int blocks in new[] { 1, 2 })
                {
                    foreach (int pixels in new[] { 1, 4, 8 })
                    {
                        foreach (int steps in new[] { 0, 1, 6 })
                        {
                            cases++;
                            Note(differences, $"lanes, {steps} steps, {pixels} pixels, {blocks} blocks, {units} units", upper, name => Lanes(name, steps, pixels, blocks, units, upper, random));
                        }
                    }
                }
            }

            foreach (LayerSpec spec in PixelSpecs())
            {
                KernelPlan plan = Planner.Plan(spec);
                int phases = plan.Geometry.Horizontal.OutputStride;
                foreach (PixelPanelPlan panel in ((PixelLanesPlan)plan.Dataflow).Panels)
                {
                    foreach (int width in PixelLanesPlan.MachineWidths(panel, phases))
                    {
                        cases++;
                        Note(differences, $"pixels, panel {panel.Index} of {spec}, {width} vectors", upper, name => Pixels(name, panel, phases, width, (spec.InChannels + 3) / 4, upper, random));
                    }
                }
            }
        }

        return differences;
    }

    private static void Note(List<string> differences, string name, bool upper, Func<string, bool> equal)
    {
        name = $"{(upper ? "upper" : "lower")} guard: {name}";
        Console.Error.WriteLine(name);
        if (!equal("Tile"))
        {
            differences.Add(name);
        }
    }

    private static bool Lanes(string name, int steps, int pixels, int blocks, int units, bool upper, Random random)
    {
        int inputStep = units * 4 + 4;
        GuardedMemory[] rows = [.. Enumerable.Range(0, steps).Select(_ => Filled((pixels - 1) * inputStep + units * 4, upper, random))];
        GuardedMemory[] weights = [.. Enumerable.Range(0, 2).Select(_ => Filled(steps * units * 64, upper, random))];
        GuardedMemory[] start = [.. Enumerable.Range(0, 2).Select(_ => Filled(64, upper, random))];
        var table = new GuardedMemory(steps * sizeof(void*), upper);
        var sums = new GuardedMemory(pixels * blocks * 64, upper);
        var call = new GuardedMemory(sizeof(LaneCall), upper);
        const int X = 12;
        for (int s = 0; s < steps; s++)
        {
            ((byte**)table.Pointer)[s] = rows[s].Pointer - X;
        }

        *(LaneCall*)call.Pointer = new LaneCall
        {
            Steps = (byte**)table.Pointer,
            Count = steps,
            X = X,
            Sums = (int*)sums.Pointer,
            Weights0 = weights[0].Pointer,
            Weights1 = blocks == 2 ? weights[1].Pointer : null,
            Start0 = (int*)start[0].Pointer,
            Start1 = blocks == 2 ? (int*)start[1].Pointer : null,
        };
        Call(LaneAssembler.Tile(name, pixels, blocks, units, inputStep), call.Pointer);
        for (int p = 0; p < pixels; p++)
        {
            for (int lane = 0; lane < blocks * 16; lane++)
            {
                int expected = ((int*)start[lane / 16].Pointer)[lane % 16];
                for (int i = 0; i < steps * units * 4; i++)
                {
                    byte x = rows[i / (units * 4)].Pointer[p * inputStep + i % (units * 4)];
                    expected += x * (sbyte)weights[lane / 16].Pointer[i / 4 * 64 + lane % 16 * 4 + i % 4];
                }

                if (((int*)sums.Pointer)[p * blocks * 16 + lane] != expected)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool Pixels(string name, PixelPanelPlan panel, int phases, int width, int units, bool upper, Random random)
    {
        int accumulators = phases * panel.Channels;
        (PixelStep Step, int Accumulator)[] dots =
        [
            .. from step in panel.Steps
               from phase in Enumerable.Range(0, phases)
               where step.Taps[phase] >= 0
               from channel in Enumerable.Range(0, panel.Channels)
               select (step, phase * panel.Channels + channel),
        ];
        int[] rowIndices = [.. panel.Steps.Select(step => step.Row * panel.Vertical.Step).Distinct()];
        int first = panel.Steps.Count == 0 ? 0 : panel.Steps.Min(step => step.Column);
        int last = panel.Steps.Count == 0 ? 0 : panel.Steps.Max(step => step.Column);
        int plane = (last - first + width * 16) * 4;
        var rows = new Dictionary<int, GuardedMemory>();
        var table = new GuardedMemory((rowIndices.DefaultIfEmpty(-1).Max() + 1) * sizeof(void*), upper);
        foreach (int row in rowIndices)
        {
            rows[row] = Filled(plane * units, upper, random);
            ((byte**)table.Pointer)[row] = rows[row].Pointer - first * 4;
        }

        GuardedMemory weights = Filled(units * dots.Length * 4, upper, random);
        GuardedMemory start = Filled(accumulators * 4, upper, random);
        var sums = new GuardedMemory(width * accumulators * 64, upper);
        var call = new GuardedMemory(sizeof(PixelCall), upper);
        *(PixelCall*)call.Pointer = new PixelCall { Rows = (byte**)table.Pointer, Sums = (int*)sums.Pointer, Weights = weights.Pointer, Start = (int*)start.Pointer, Plane = plane };
        Call(PixelAssembler.Tile(name, panel, phases, width, units), call.Pointer);
        for (int pixel = 0; pixel < width * 16; pixel++)
        {
            var expected = new int[accumulators];
            for (int a = 0; a < accumulators; a++)
            {
                expected[a] = ((int*)start.Pointer)[a];
            }

            for (int i = 0; i < units * dots.Length * 4; i++)
            {
                (PixelStep step, int accumulator) = dots[i / 4 % dots.Length];
                byte* x = rows[step.Row * panel.Vertical.Step].Pointer + i / 4 / dots.Length * plane + (step.Column - first + pixel) * 4;
                expected[accumulator] += x[i % 4] * (sbyte)weights.Pointer[i];
            }

            for (int a = 0; a < accumulators; a++)
            {
                if (((int*)sums.Pointer)[(pixel / 16 * accumulators + a) * 16 + pixel % 16] != expected[a])
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static void Call(MachineTile tile, byte* call)
    {
        MachineCode code = MachineCode.Load(tile.Bytes);
        ((delegate* unmanaged[SuppressGCTransition]<byte*, void>)code.Entry(0))(call);
    }

    private static GuardedMemory Filled(int bytes, bool upper, Random random)
    {
        var memory = new GuardedMemory(bytes, upper);
        random.NextBytes(memory.Span);
        return memory;
    }

    // Channels, kernels and strides that give 1 to 4 vectors of pixels, several phases, odd units, and phases without taps.
    private static IEnumerable<LayerSpec> PixelSpecs() =>
    [
        Spec(LayerKind.Conv2d, 8, 1, new AxisSpec(3, 1, 1, 0, 1)),
        Spec(LayerKind.Conv2d, 5, 3, new AxisSpec(5, 1, 2, 0, 2)),
        Spec(LayerKind.ConvTranspose2d, 16, 3, new AxisSpec(3, 2, 1, 1, 1)),
        Spec(LayerKind.ConvTranspose2d, 3, 2, new AxisSpec(4, 3, 0, 0, 1)),
        Spec(LayerKind.ConvTranspose2d, 4, 1, new AxisSpec(1, 2, 0, 0, 1)),
    ];

    private static LayerSpec Spec(LayerKind kind, int inputs, int outputs, AxisSpec axis) =>
        new(kind, inputs, outputs, axis, axis, 1, true, ActivationKind.None, 0, true);
}
