using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Emission;
using Kernels.Generators.Planning;
using Kernels.Layers;
using Kernels.Onnx.Lowering;

namespace Kernels.Tool.Explaining;

/// <summary>A layer of a network with what the generator makes of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Spec">What it computes.</param>
/// <param name="Plan">How.</param>
/// <param name="Input">Shape of what it reads.</param>
/// <param name="Output">Shape of what it makes.</param>
internal sealed record ExplainedLayer(string Name, ConvolutionSpec Spec, KernelPlan Plan, Shape4 Input, Shape4 Output)
{
    /// <summary>What a run took; null where none was measured.</summary>
    public TimeSpan? Measured { get; init; }

    /// <summary>Multiplications that the layer has.</summary>
    public long Multiplications
    {
        get
        {
            long taps = (long)Spec.KernelHeight * Spec.KernelWidth * (Spec.InChannels / Spec.Groups) * Spec.OutChannels;

            // Each input pixel of a transposed convolution meets every tap once.
            Shape4 pixels = Spec.Kind == ConvolutionKind.Conv2d ? Output : Input;
            return taps * pixels.N * pixels.H * pixels.W;
        }
    }

    /// <summary>Bytes that it reads and writes at least: input, second input, weights and output once each.</summary>
    public long Bytes => (long)Input.Count + (Spec.Epilogue.HasAdd ? 2L : 1L) * Output.Count + Spec.WeightShape.Count;

    /// <summary>Cycles that its dot steps take on 512 bits with vpdpbusd, one a cycle; 0 where everything loops.</summary>
    public double Cycles
    {
        get
        {
            (int rows, int columns) = (Plan.Geometry.Vertical.OutputStride, Plan.Geometry.Horizontal.OutputStride);
            return PlanCost.StepsOf(Plan) * Output.N * ((Output.H + rows - 1) / rows) * ((Output.W + columns - 1) / columns);
        }
    }

    /// <summary>The share of a step's products that are the layer's, 0 to 1.</summary>
    public double Use => Cycles == 0 ? 0 : Math.Min(1, Multiplications / (Cycles * PlanProducts));

    // Products of a dot step of 16 lanes.
    private const int PlanProducts = 64;

    /// <summary>The dataflow.</summary>
    public string Dataflow => Planner.NameOf(Plan.Dataflow);

    /// <summary>The layers with weights of a network, fused and planned.</summary>
    /// <param name="network">The fused network's layers.</param>
    public static IReadOnlyList<ExplainedLayer> Of(IEnumerable<FusedLayer> network) =>
        [.. network.Where(static layer => layer.Spec is not null).Select(static layer => Of(layer.Name, layer.Spec!, layer.Input, layer.Output))];

    /// <summary>A layer by itself.</summary>
    public static ExplainedLayer Of(string name, ConvolutionSpec spec, Shape4 input, Shape4 output) =>
        new(name, spec, KernelEmitter.PlanOf(LayerSpecs.Of(spec)), input, output);

    /// <summary>The lines that head its generated file.</summary>
    public IEnumerable<string> Remarks => RemarksEmitter.Lines(Plan);
}
