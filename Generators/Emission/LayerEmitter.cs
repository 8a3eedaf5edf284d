using System.Collections.Generic;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>
/// The generated file of an annotated class: its public part in the user's namespace, and the kernel as a file-local
/// class in a namespace of its own, where the user's names cannot hide ours.
/// </summary>
internal static class LayerEmitter
{
    /// <summary>Emits the file.</summary>
    public static string Emit(LayerModel model)
    {
        KernelPlan plan = Planner.Plan(model.Layer);
        CodeWriter code = FileHead.Write(model.Type);
        if (model.Type.Namespace is string name)
        {
            code.Open("namespace " + name);
        }

        foreach (EnclosingType outer in model.Type.Enclosing)
        {
            code.Open(outer.Declaration);
        }

        RemarksEmitter.Emit(code, plan, model.IsLinear);
        LayerClassEmitter.Emit(code, model, plan, PackedType(plan));
        foreach (EnclosingType _ in model.Type.Enclosing)
        {
            code.Close();
        }

        if (model.Type.Namespace is not null)
        {
            code.Close();
        }

        code.Line();
        code.Open("namespace Kernels.Generated");
        foreach (string import in Imports())
        {
            code.Line($"using global::{import};");
        }

        code.Line();
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

        return code.Close().ToString();
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
    ];
}
