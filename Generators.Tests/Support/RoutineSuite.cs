using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Kernels.Execution;
using Kernels.Generators.Emission;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;
using Kernels.Layers;
using Kernels.Packing;
using Kernels.Tests.Support;

namespace Kernels.Generators.Tests.Support;

/// <summary>
/// Calls machine-code routines directly, every buffer that they are handed exactly as long as its contents and between guard
/// pages: the call itself, the table of steps or rows, each input row, the block and all that it points to, and the output.
/// </summary>
internal static unsafe class RoutineSuite
{
    /// <summary>Runs routines of both dataflows: on the CPU, or interpreted where it lacks their instructions.</summary>
    /// <returns>Routines whose codes are not those of the plain formula, or that touch bytes between them.</returns>
    public static IReadOnlyList<string> Run(out int cases)
    {
        var differences = new List<string>();
        var random = new Random(1);
        cases = 0;
        foreach (bool upper in new[] { true, false })
        {
            foreach ((LaneTileShape shape, int units, bool areKnown, int steps, LayerSpec spec) in LaneTiles(random))
            {
                cases++;
                int tiles = random.Next(1, 4);
                Note(differences, $"lanes, {steps} steps, {tiles} tiles of {shape}, {units} units{(areKnown ? string.Empty : " of the call")}, {spec.Activation} {string.Join('+', spec.Epilogue)}", upper, name => Lanes(name, steps, shape, units, areKnown, tiles, spec, upper, random));
            }

            foreach (LayerSpec spec in DepthwiseSpecs().SelectMany(spec => new[] { spec, Fused(spec, random) }))
            {
                var geometry = LayerGeometry.Of(spec);
                DepthwisePlan depthwise = DepthwisePlan.Of(spec, geometry, out _)!;
                var plan = new KernelPlan(spec, geometry, depthwise, default);
                foreach (DepthwiseTileShape tile in DepthwiseTierEmitter.Shapes(plan, depthwise, Tier.Avx512Vnni))
                {
                    cases++;
                    int tiles = random.Next(1, 4);
                    Note(differences, $"depthwise, {tiles} tiles {tile.Name} of {spec}", upper, _ => Depthwise(tile, tiles, upper, random));
                }
            }

            foreach (LayerSpec spec in PixelSpecs().SelectMany(spec => new[] { spec, Fused(spec, random), Fused(spec, random) }))
            {
                var geometry = LayerGeometry.Of(spec);
                PixelLanesPlan pixels = PixelLanesPlan.Of(spec, geometry, out _)!;
                foreach (PixelPanelPlan panel in pixels.Panels)
                {
                    foreach (int width in pixels.MachineWidths(panel, geometry.Horizontal.OutputStride))
                    {
                        cases++;
                        int tiles = random.Next(1, 4);
                        Note(differences, $"pixels, panel {panel.Index} of {spec}, {tiles} tiles of {width} vectors", upper, name => Pixels(name, panel, geometry, width, tiles, spec, upper, random));
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

    private static bool Lanes(string name, int steps, LaneTileShape shape, int units, bool areKnown, int tiles, LayerSpec spec, bool upper, Random random)
    {
        int pixels = shape.Pixels * tiles;
        int lanes = shape.Blocks * 16 - (shape.IsPartial ? random.Next(1, 16) : 0);
        const int unitBytes = 4;

        // Where taps of a row are merged, steps of neighbours overlap.
        int inputStep = random.Next(1, units * unitBytes + 5);
        int outputStep = lanes + 3;
        GuardedMemory[] rows = [.. Enumerable.Range(0, steps).Select(_ => Filled((pixels - 1) * inputStep + units * unitBytes, upper, random))];
        GuardedMemory[] weights = [.. Enumerable.Range(0, shape.Blocks).Select(_ => Filled(steps * units * 64, upper, random))];
        GuardedMemory[] start = [.. Enumerable.Range(0, shape.Blocks).Select(_ => Integers(16, upper, random))];
        var epilogue = new RoutineEpilogue(spec, upper, random);
        GuardedMemory[] bias = [.. Enumerable.Range(0, shape.Blocks).Select(_ => epilogue.Channels(16, 16))];
        var table = new GuardedMemory(steps * sizeof(void*), upper);
        var blocks = new GuardedMemory(shape.Blocks * sizeof(LaneBlock), upper);
        var scalars = new GuardedMemory(sizeof(EpilogueScalars), upper);
        GuardedMemory output = Filled((pixels - 1) * outputStep + lanes, upper, random);
        byte[] before = output.Span.ToArray();
        var call = new GuardedMemory(sizeof(LaneCall), upper);
        const int X = 12;
        for (int s = 0; s < steps; s++)
        {
            ((byte**)table.Pointer)[s] = rows[s].Pointer - X;
        }

        for (int b = 0; b < shape.Blocks; b++)
        {
            ((LaneBlock*)blocks.Pointer)[b] = new LaneBlock { Weights = weights[b].Pointer, Start = (int*)start[b].Pointer, Bias = (float*)bias[b].Pointer, Multiplier = (float*)bias[b].Pointer + 16 };
        }

        GuardedMemory second = Filled(spec.HasSecond ? before.Length : 0, upper, random);
        *(EpilogueScalars*)scalars.Pointer = epilogue.Scalars with { Second = (nint)(second.Pointer - output.Pointer) };
        *(LaneCall*)call.Pointer = new LaneCall
        {
            Steps = (byte**)table.Pointer,
            Count = steps,
            X = X,
            Output = output.Pointer,
            Block = (LaneBlock*)blocks.Pointer,
            Tiles = tiles,
            Epilogue = (EpilogueScalars*)scalars.Pointer,
            Mask = (1UL << lanes) - 1,
            Units = areKnown ? -1 : units,
        };
        Call(LaneAssembler.Tile(name, shape, areKnown ? units : null, inputStep, outputStep, spec), call.Pointer);
        for (int i = 0; i < before.Length; i++)
        {
            int lane = i % outputStep;
            if (lane >= lanes)
            {
                continue;
            }

            int sum = ((int*)start[lane / 16].Pointer)[lane % 16];
            for (int k = 0; k < steps * units * 4; k++)
            {
                int place = k % (units * 4);
                byte x = rows[k / (units * 4)].Pointer[i / outputStep * inputStep + place];
                sum += x * (sbyte)weights[lane / 16].Pointer[k / 4 * 64 + lane % 16 * 4 + k % 4];
            }

            before[i] = epilogue.Code(sum, (float*)bias[lane / 16].Pointer + lane % 16, 16, second.Pointer + i);
        }

        // Bytes between pixels are those of before.
        return output.Span.SequenceEqual(before);
    }

    private static bool Depthwise(DepthwiseTileShape shape, int tiles, bool upper, Random random)
    {
        DepthwiseTile tile = shape.Tile;
        DepthwiseQuad[] quads = [.. shape.Panel.Quads];
        int channels = shape.Channels.Channels;
        int lanes = shape.Lanes;
        int codes = shape.HasCodes ? random.Next(1, shape.Codes + 1) : shape.Codes;
        DepthwiseSource[] sources = [.. quads.SelectMany(quad => quad.Sources)];
        int first = sources.Select(source => source.Column).DefaultIfEmpty(0).Min();
        int last = sources.Select(source => source.Column).DefaultIfEmpty(0).Max();
        int rowCount = sources.Select(source => source.Row + 1).DefaultIfEmpty(0).Max();
        int rowBytes = (last - first) * channels + (tiles * tile.Positions - 1) * shape.InputStep + lanes;
        GuardedMemory[] rows = [.. Enumerable.Range(0, rowCount).Select(_ => Filled(rowBytes, upper, random))];
        GuardedMemory weights = Filled(quads.Length * 4 * lanes, upper, random);

        // A pixel that is only named again is multiplied by 0, whichever it is.
        for (int i = 0; i < weights.Span.Length; i++)
        {
            weights.Span[i] = quads[i / (4 * lanes)].Taps[i % 4] < 0 ? (byte)0 : weights.Span[i];
        }

        GuardedMemory start = Integers(tile.Phases * lanes, upper, random);
        var epilogue = new RoutineEpilogue(shape.Plan.Spec, upper, random);
        GuardedMemory bias = epilogue.Channels(lanes, lanes);
        var block = new GuardedMemory(sizeof(DepthwiseBlock), upper);
        *(DepthwiseBlock*)block.Pointer = new DepthwiseBlock { Weights = weights.Pointer, Start = (int*)start.Pointer, Bias = (float*)bias.Pointer, Multiplier = (float*)bias.Pointer + lanes };
        var scalars = new GuardedMemory(sizeof(EpilogueScalars), upper);
        var table = new GuardedMemory(rowCount * sizeof(void*), upper);
        const int X = 12;
        for (int row = 0; row < rowCount; row++)
        {
            ((byte**)table.Pointer)[row] = rows[row].Pointer - first * channels - X;
        }

        GuardedMemory output = Filled((tiles * tile.Positions - 1) * shape.OutputStep + shape.OutputOf(tile.Phases - 1) + codes, upper, random);
        byte[] expected = output.Span.ToArray();
        GuardedMemory second = Filled(shape.Plan.Spec.HasSecond ? expected.Length : 0, upper, random);
        *(EpilogueScalars*)scalars.Pointer = epilogue.Scalars with { Second = (nint)(second.Pointer - output.Pointer) };
        var call = new GuardedMemory(sizeof(DepthwiseCall), upper);
        *(DepthwiseCall*)call.Pointer = new DepthwiseCall
        {
            Rows = (byte**)table.Pointer,
            X = X,
            Output = output.Pointer,
            Block = (DepthwiseBlock*)block.Pointer,
            Mask = codes == 64 ? ulong.MaxValue : (1UL << codes) - 1,
            Tiles = tiles,
            Epilogue = (EpilogueScalars*)scalars.Pointer,
        };
        Call(DepthwiseAssembler.Tile(shape), call.Pointer);
        for (int position = 0; position < tiles * tile.Positions; position++)
        {
            int step = 0;
            for (int phase = 0; phase < tile.Phases; phase++)
            {
                DepthwiseQuad[] own = [.. shape.Panel.Phases[phase].Quads];
                for (int code = 0; code < codes; code++)
                {
                    // Within each 16 bytes, unpacking leaves 4 neighbours to each of four vectors.
                    int place = code % 16 / 4 * (lanes / 4) + code / 16 * 4 + code % 4;
                    int sum = ((int*)start.Pointer)[phase * lanes + place];
                    for (int i = 0; i < own.Length * 4; i++)
                    {
                        DepthwiseSource source = own[i / 4].Sources[i % 4];
                        byte x = rows[source.Row].Pointer[(source.Column - first) * channels + position * shape.InputStep + code];
                        sum += x * (sbyte)weights.Pointer[((step + i / 4) * lanes + place) * 4 + i % 4];
                    }

                    int at = position * shape.OutputStep + phase * channels + code;
                    expected[at] = epilogue.Code(sum, (float*)bias.Pointer + place, lanes, second.Pointer + at);
                }

                step += own.Length;
            }
        }

        return output.Span.SequenceEqual(expected);
    }

    private static bool Pixels(string name, PixelPanelPlan panel, LayerGeometry geometry, int width, int tiles, LayerSpec spec, bool upper, Random random)
    {
        int phases = geometry.Horizontal.OutputStride;
        int accumulators = phases * panel.Channels;
        int units = (spec.InChannels + 3) / 4;
        int pixels = width * tiles * 16;
        int outputStep = phases * spec.OutChannels;
        (PixelStep Step, int Accumulator)[] dots =
        [
            .. from step in panel.Steps
               from phase in Enumerable.Range(0, phases)
               where step.Taps[phase] >= 0
               from channel in Enumerable.Range(0, panel.Channels)
               select (step, phase * panel.Channels + channel),
        ];
        int[] rowIndices = [.. panel.StagedRows];
        int first = panel.Steps.Count == 0 ? 0 : panel.Steps.Min(step => step.StagedColumn);
        int last = panel.Steps.Count == 0 ? 0 : panel.Steps.Max(step => step.StagedColumn);
        int plane = (last - first + pixels) * 4;
        var rows = new Dictionary<int, GuardedMemory>();
        var table = new GuardedMemory((rowIndices.DefaultIfEmpty(-1).Max() + 1) * sizeof(void*), upper);
        foreach (int row in rowIndices)
        {
            rows[row] = Filled(plane * units, upper, random);
            ((byte**)table.Pointer)[row] = rows[row].Pointer - first * 4;
        }

        GuardedMemory weights = Filled(units * dots.Length * 4, upper, random);
        GuardedMemory start = Integers(accumulators, upper, random);
        var epilogue = new RoutineEpilogue(spec, upper, random);
        int stride = PixelTileEmitter.ConstantStride(accumulators);
        GuardedMemory bias = epilogue.Channels(accumulators, stride);
        var shape = new PixelPanel(panel.FirstChannel, panel.Channels, phases, [], [], []);
        var stores = shape.Stores(spec.OutChannels);
        var permutation = new GuardedMemory(stores.Bytes, upper);
        PixelStoreTable.Write(stores, permutation.Pointer);
        var block = new GuardedMemory(sizeof(PixelBlock), upper);
        *(PixelBlock*)block.Pointer = new PixelBlock { Weights = weights.Pointer, Start = (int*)start.Pointer, Bias = (float*)bias.Pointer, Multiplier = (float*)bias.Pointer + stride, Permutation = permutation.Pointer };
        var scalars = new GuardedMemory(sizeof(EpilogueScalars), upper);
        GuardedMemory[] planes = [.. Enumerable.Range(0, spec.HasSecond ? outputStep : 0).Select(_ => Filled(pixels, upper, random))];
        var planeTable = new GuardedMemory(planes.Length * sizeof(void*), upper);
        for (int i = 0; i < planes.Length; i++)
        {
            ((byte**)planeTable.Pointer)[i] = planes[i].Pointer;
        }

        *(EpilogueScalars*)scalars.Pointer = epilogue.Scalars with { SecondPlanes = (byte**)planeTable.Pointer };
        GuardedMemory output = Filled(pixels * outputStep - spec.OutChannels + panel.Channels, upper, random);
        byte[] before = output.Span.ToArray();
        byte* nowhere = (byte*)64; // to ask the caches for an address does not read it
        var call = new GuardedMemory(sizeof(PixelCall), upper);
        *(PixelCall*)call.Pointer = new PixelCall { Rows = (byte**)table.Pointer, Output = output.Pointer, Block = (PixelBlock*)block.Pointer, Plane = plane, Tiles = tiles, Epilogue = (EpilogueScalars*)scalars.Pointer, Ahead = nowhere, NextOutput = (nint)(nowhere - output.Pointer) };
        Call(PixelAssembler.Tile(name, panel, geometry, width, spec), call.Pointer);
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            var sums = new int[accumulators];
            for (int a = 0; a < accumulators; a++)
            {
                sums[a] = ((int*)start.Pointer)[a];
            }

            for (int i = 0; i < units * dots.Length * 4; i++)
            {
                (PixelStep step, int accumulator) = dots[i / 4 % dots.Length];
                byte* x = rows[step.StagedRow].Pointer + i / 4 / dots.Length * plane + (step.StagedColumn - first + pixel) * 4;
                sums[accumulator] += x[i % 4] * (sbyte)weights.Pointer[i];
            }

            for (int a = 0; a < accumulators; a++)
            {
                int code = a / panel.Channels * spec.OutChannels + a % panel.Channels;
                before[pixel * outputStep + code] = epilogue.Code(sums[a], (float*)bias.Pointer + a, stride, spec.HasSecond ? planes[code].Pointer + pixel : null);
            }
        }

        return output.Span.SequenceEqual(before);
    }

    private static void Call(MachineTile tile, byte* call)
    {
        MachineCode code = MachineCode.Load(tile.Bytes);
        if (code.IsAvailable)
        {
            ((delegate* unmanaged[SuppressGCTransition]<byte*, void>)code.Entry(0))(call);
        }
        else
        {
            ModelledRoutine.Run(tile.Bytes, 0, call);
        }
    }

    private static GuardedMemory Integers(int count, bool upper, Random random)
    {
        var memory = new GuardedMemory(count * sizeof(int), upper);
        foreach (ref int value in MemoryMarshal.Cast<byte, int>(memory.Span))
        {
            value = random.Next(-20_000, 20_000);
        }

        return memory;
    }

    private static GuardedMemory Filled(int bytes, bool upper, Random random)
    {
        var memory = new GuardedMemory(bytes, upper);
        random.NextBytes(memory.Span);
        return memory;
    }

    private static IEnumerable<(LaneTileShape Shape, int Units, bool AreKnown, int Steps, LayerSpec Spec)> LaneTiles(Random random) =>
        from units in new[] { 1, 2, 3, 4, 5, 16 }
        from areKnown in new[] { true, false }
        from blocks in new[] { 1, 2 }
        from pixels in blocks == 1 ? new[] { 1, 4, 8, 16 } : [1, 4, 8]
        from steps in new[] { 0, 1, 6 }
        from partial in new[] { false, true }
        let spec = Spec(LayerKind.Conv2d, 1, 1, new AxisSpec(1, 1, 0, 0, 1)) with { Activation = (ActivationKind)((units + pixels + steps) % 4) }
        from fused in steps == 1 ? new[] { false, true } : [false]
        select (new LaneTileShape(pixels, blocks, partial), units, areKnown, steps, fused ? Fused(spec, random) : spec);

    // The layer with 1 to 5 functions in any order instead of its activation.
    private static LayerSpec Fused(LayerSpec spec, Random random)
    {
        EpilogueSpec functions = EpilogueSpec.None;
        while (functions.IsNone)
        {
            functions = EpilogueCase.Functions(random);
        }

        return spec with { Activation = ActivationKind.None, Epilogue = new([.. functions.Select(function => (FusedFunction)function)]) };
    }

    // Channels of whole, narrower, partly filled and shared vectors; more rows of taps than addresses are held; phases side by side, apart,
    // and without taps.
    private static IEnumerable<LayerSpec> DepthwiseSpecs() =>
        from channels in new[] { 5, 16, 24, 64, 72, 100 }
        from layer in new (LayerKind Kind, AxisSpec Axis)[]
        {
            (LayerKind.Conv2d, new AxisSpec(3, 1, 1, 0, 1)),
            (LayerKind.Conv2d, new AxisSpec(5, 2, 2, 0, 1)),
            (LayerKind.Conv2d, new AxisSpec(2, 1, 0, 0, 3)),
            (LayerKind.Conv2d, new AxisSpec(9, 1, 4, 0, 1)),
            (LayerKind.ConvTranspose2d, new AxisSpec(4, 2, 1, 0, 1)),
            (LayerKind.ConvTranspose2d, new AxisSpec(5, 2, 1, 0, 1)),
            (LayerKind.ConvTranspose2d, new AxisSpec(2, 3, 0, 0, 1)),
        }
        select new LayerSpec(layer.Kind, channels, channels, layer.Axis, layer.Axis, channels, true, (ActivationKind)((channels + layer.Axis.Kernel) % 4), 0.1f, true);

    // Channels, kernels and strides that give 1 to 4 vectors of pixels, several phases, odd units, and phases without taps.
    private static IEnumerable<LayerSpec> PixelSpecs() =>
    [
        Spec(LayerKind.Conv2d, 8, 1, new AxisSpec(3, 1, 1, 0, 1)),
        Spec(LayerKind.Conv2d, 5, 3, new AxisSpec(5, 1, 2, 0, 2)),
        Spec(LayerKind.ConvTranspose2d, 16, 3, new AxisSpec(3, 2, 1, 1, 1)),
        Spec(LayerKind.ConvTranspose2d, 3, 2, new AxisSpec(4, 3, 0, 0, 1)),
        Spec(LayerKind.ConvTranspose2d, 4, 1, new AxisSpec(1, 2, 0, 0, 1)),
        Spec(LayerKind.ConvTranspose2d, 8, 3, new AxisSpec(4, 4, 0, 0, 1)),
        Spec(LayerKind.ConvTranspose2d, 8, 5, new AxisSpec(5, 4, 0, 0, 1)),
        Spec(LayerKind.ConvTranspose2d, 4, 3, new AxisSpec(3, 3, 0, 0, 1)),
        Spec(LayerKind.Conv2d, 4, 17, new AxisSpec(3, 1, 1, 0, 1)),
        Spec(LayerKind.Conv2d, 4, 2, new AxisSpec(3, 1, 1, 0, 1)),
        Spec(LayerKind.Conv2d, 9, 3, new AxisSpec(5, 2, 3, 0, 1)),
        Spec(LayerKind.Conv2d, 3, 8, new AxisSpec(3, 4, 2, 0, 2)),
    ];

    private static LayerSpec Spec(LayerKind kind, int inputs, int outputs, AxisSpec axis) =>
        new(kind, inputs, outputs, axis, axis, 1, true, (ActivationKind)((inputs + outputs) % 4), 0.1f, true);
}
