using System.Collections.Generic;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>
/// The file of a kernel: a class for one spec, which all annotated layers and networks of the assembly with that spec share. It stands in a
/// namespace of its own, where the user's names cannot hide ours.
/// </summary>
internal static class KernelEmitter
{
    /// <summary>The class as C# names it everywhere.</summary>
    public static string FullName(LayerSpec spec) => "global::Kernels.Generated." + KernelName.Of(spec);

    /// <summary>Emits the file: with the best plan, or with one that makes less code where the file would be too long.</summary>
    /// <param name="spec">The layer.</param>
    /// <param name="listing">Whether the disassembly of machine code is emitted too; it does not count as text of the file.</param>
    public static GeneratedFile Emit(LayerSpec spec, bool listing = false)
    {
        (KernelPlan plan, string text) = Fitting(spec, Planner.Plan(spec));
        return new($"Kernel.{KernelName.Of(spec)}.g", listing ? EmitText(spec, plan with { Listing = true }) : text);
    }

    /// <summary>The plan that a kernel's file is emitted with.</summary>
    public static KernelPlan PlanOf(LayerSpec spec)
    {
        // Only what is near the limit is emitted to see; the estimate knows no fused epilogue.
        KernelPlan best = Planner.Plan(spec);
        return !spec.IsFused && CodeSize.Of(best.Dataflow, best.Geometry.Horizontal.Phases.Count) <= CodeSize.Most / 2 ? best : Fitting(spec, best).Plan;
    }

    /// <summary>The file's text with a given plan, however long it is.</summary>
    public static string TextOf(KernelPlan plan) => EmitText(plan.Spec, plan);

    private static (KernelPlan Plan, string Text) Fitting(LayerSpec spec, KernelPlan plan)
    {
        string text = EmitText(spec, plan);
        foreach (KernelPlan smaller in text.Length <= Limits.FileLength ? [] : Planner.Smaller(plan))
        {
            plan = smaller;
            text = EmitText(spec, plan);
            if (text.Length <= Limits.FileLength)
            {
                break;
            }
        }

        return (plan, text);
    }

    private static string EmitText(LayerSpec spec, KernelPlan plan)
    {
        string name = KernelName.Of(spec);
        CodeWriter code = FileHead.Write();
        code.Open("namespace Kernels.Generated");
        foreach (string import in Imports())
        {
            code.Line($"using global::{import};");
        }

        code.Line().Line("/// <summary>The kernel of every layer of this shape.</summary>");
        RemarksEmitter.Emit(code, plan, isLinear: false);
        code.Line(FileHead.GeneratedCode);
        code.Line("[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]");
        code.Open($"internal sealed unsafe class {name} : IQuantizedConvolution<{name}>{(spec.HasSecond ? ", IResidualLayer" : string.Empty)}");
        string packedType = PackedType(plan);
        code.Lines($"""
            private readonly {packedType} _packed;

            private {name}({packedType} packed) => _packed = packed;

            """);
        EmitDataflow(code, plan);
        return code.Close().Close().ToString();
    }

    private static void EmitDataflow(CodeWriter code, KernelPlan plan)
    {
        switch (plan.Dataflow)
        {
            case PixelLanesPlan pixels:
                PixelLanesEmitter.Emit(code, plan, pixels);
                break;
            case DepthwisePlan depthwise:
                DepthwiseEmitter.Emit(code, plan, depthwise);
                break;
            case GenericPlan:
                GenericEmitter.Emit(code, plan);
                break;
            default:
                ChannelLanesEmitter.Emit(code, plan, (ChannelLanesPlan)plan.Dataflow);
                break;
        }
    }

    private static string PackedType(KernelPlan plan) => plan.Dataflow switch
    {
        PixelLanesPlan => PixelLanesEmitter.PackedType,
        DepthwisePlan => DepthwiseEmitter.PackedType,
        GenericPlan => GenericEmitter.PackedType,
        _ => ChannelLanesEmitter.PackedType,
    };

    private static IEnumerable<string> Imports() =>
    [
        "System",
        "System.Runtime.CompilerServices",
        "System.Runtime.Intrinsics",
        "System.Runtime.Intrinsics.Arm",
        "System.Runtime.Intrinsics.X86",
        "Kernels.Execution",
        "Kernels.Layers",
        "Kernels.Packing",
        "Kernels.Quantization",
    ];
}
