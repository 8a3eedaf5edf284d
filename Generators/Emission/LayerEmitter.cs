using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>The file of an annotated class: what the layer is, and the members that a user calls. <see cref="KernelEmitter"/> emits the kernel.</summary>
internal static class LayerEmitter
{
    /// <summary>Emits the file.</summary>
    public static GeneratedFile Emit(AnnotatedLayer model)
    {
        CodeWriter code = FileHead.Write(model.Type);
        TypeScope.Open(code, model.Type);
        RemarksEmitter.Emit(code, KernelEmitter.PlanOf(model.Layer), model.IsLinear, KernelName.Of(model.Layer));
        LayerClassEmitter.Emit(code, model);
        TypeScope.Close(code, model.Type);
        return new GeneratedFile(model.Type.HintName, code.ToString());
    }
}
