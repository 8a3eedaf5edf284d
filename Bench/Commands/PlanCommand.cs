using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Bench.Shapes;
using Kernels.Generators.Emission;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;
using Kernels.Geometry;
using Kernels.Layers;

namespace Kernels.Bench.Commands;

/// <summary>Prints what the planner makes of shapes.</summary>
internal static class PlanCommand
{
    /// <summary>Options of the command.</summary>
    public static readonly string[] KnownOptions = ["--shapes"];

    /// <summary>Runs the command.</summary>
    /// <param name="options">Names of shapes, and the list that has them.</param>
    public static void Run(Options options)
    {
        IReadOnlyList<ShapeRow> rows = ShapeFile.Read(options["--shapes"], options.Names);
        if (options.Names.Count == 0)
        {
            throw new BenchException("plan needs the name of a shape: " + string.Join(", ", rows.Select(row => row.Name)) + ".");
        }

        foreach (ShapeRow row in rows)
        {
            Console.WriteLine(row.Name);
            foreach (string line in RemarksEmitter.Lines(Planner.Plan(Spec(row.Spec))))
            {
                Console.WriteLine(line.Length == 0 ? line : "  " + line);
            }

            Console.WriteLine();
        }
    }

    private static LayerSpec Spec(ConvolutionSpec spec) => new(
        Kind: spec.Kind == ConvolutionKind.Conv2d ? LayerKind.Conv2d : LayerKind.ConvTranspose2d,
        InChannels: spec.InChannels,
        OutChannels: spec.OutChannels,
        Vertical: new AxisSpec(spec.KernelHeight, spec.StrideHeight, spec.PaddingHeight, spec.OutputPaddingHeight, spec.DilationHeight, spec.InputHeight),
        Horizontal: new AxisSpec(spec.KernelWidth, spec.StrideWidth, spec.PaddingWidth, spec.OutputPaddingWidth, spec.DilationWidth, spec.InputWidth),
        Groups: spec.Groups,
        HasBias: spec.HasBias,
        Activation: (ActivationKind)spec.Activation,
        NegativeSlope: spec.NegativeSlope,
        PerChannelWeights: spec.WeightScheme == WeightScheme.PerChannel);
}
