using System.Linq;
using Kernels.Generators.Planning;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>The file of a network's class: what it does and how it runs, the members that a user calls, the bodies of its layers' methods.</summary>
internal static class NetworkEmitter
{
    private const string Models = "global::Kernels.Models.";
    private const string List = "global::System.Collections.Generic.IReadOnlyList";

    public static GeneratedFile Emit(NetworkSpec network)
    {
        TypeSpec type = network.Type;
        NetworkPlan? plan = network.Graph is GraphSpec graph ? NetworkPlan.Of(graph, network.Fuse) : null;
        CodeWriter code = FileHead.Write(type);
        TypeScope.Open(code, type);
        NetworkRemarks.Emit(code, network, plan);
        code.Line(FileHead.GeneratedCode);
        code.Open($"{type.Declaration} : {Models}AnnotatedModel");
        EmitConstructor(code, network, plan);
        EmitLayers(code, network);
        code.Lines($$"""
            /// <summary>Reads a converted model that QuantizedModel.Save wrote.</summary>
            /// <param name="path">The file.</param>
            /// <returns>The int8 model, with the kernels of this class.</returns>
            public static {{Models}}QuantizedModel Load(string path) => {{Models}}ModelTracer.Load(path, Layers);

            /// <summary>Reads what QuantizedModel.Save wrote to a stream, up to its end.</summary>
            /// <param name="stream">The bytes; the stream stays open.</param>
            /// <returns>The int8 model, with the kernels of this class.</returns>
            public static {{Models}}QuantizedModel Load(global::System.IO.Stream stream) => {{Models}}ModelTracer.Load(stream, Layers);

            /// <summary>Runs the network's code within another network; a block's method calls it.</summary>
            /// <param name="x">What the block reads.</param>
            /// <returns>What it makes.</returns>
            [global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]
            public static {{Models}}Value Apply({{Models}}Value x) => Forward(x);
            """);
        foreach (LayerMethod method in network.Methods)
        {
            code.Line();
            EmitMethod(code, type, method);
        }

        EmitPlan(code, plan);
        code.Close();
        TypeScope.Close(code, type);
        return new GeneratedFile(type.HintName, code.ToString());
    }

    private static void EmitConstructor(CodeWriter code, NetworkSpec network, NetworkPlan? plan)
    {
        int channels = network.Graph?.Input.Channels ?? network.InputChannels;
        code.Lines($$"""
            /// <summary>Makes the network from a file of float weights.</summary>
            /// <param name="weights">F32 or F16 tensors as in PyTorch's state_dict; layers find theirs by the name of their method, or by what Weights on its attribute says.</param>
            /// <exception cref="global::System.IO.InvalidDataException">The file does not fit the layers; the message lists all that is wrong.</exception>
            public {{network.Type.Name}}({{Models}}SafetensorsFile weights)
                : base({{Models}}ModelTracer.Trace(typeof({{network.Type.Name}}), weights, Forward, Layers, inputChannels: {{Text.Number(channels)}}, plan: {{(plan is null ? "null" : "Plan")}}, fuse: {{Text.Bool(plan?.IsFused == true)}}))
            {
            }

            """);
    }

    private static void EmitLayers(CodeWriter code, NetworkSpec network)
    {
        code.Line("/// <summary>The kernels of the network's layers.</summary>");
        code.Line($"public static {List}<{Models}LayerFactory> Layers {{ get; }} =");
        code.Line("[");
        foreach (NetworkKernel kernel in NetworkKernels.Of(network))
        {
            code.Line($"    {Models}LayerFactory.{(kernel.IsLinear ? "ForLinear" : "For")}<{KernelEmitter.FullName(kernel.Spec)}>(\"{kernel.Name}\"),");
        }

        foreach (BlockMethod block in network.Graph is null ? network.Methods.OfType<BlockMethod>().Where(static block => block.Layer is null) : [])
        {
            code.Line($"    .. {block.TypeName}.Layers,");
        }

        code.Line("];").Line();
    }

    private static void EmitMethod(CodeWriter code, TypeSpec type, LayerMethod method)
    {
        string weights = method.Weights is null ? "null" : Text.Literal(method.Weights);
        string arguments = $"{method.Parameter}, typeof({type.Name}), {Text.Literal(method.Name)}, {weights}";
        code.Line(method.Declaration + " =>");
        switch (method)
        {
            case KernelMethod layer:
                code.Line($"    {Models}ModelTracer.Layer({arguments}, new global::Kernels.Layers.ConvolutionSpec").Line("    {");
                foreach (string line in KernelFrame.SpecLines(layer.Layer, "global::Kernels.Layers.", "global::Kernels."))
                {
                    code.Line("        " + line);
                }

                code.Line($"    }}{(layer.IsLinear ? ", isLinear: true" : string.Empty)});");
                break;
            case ParameterMethod layer:
                string numbers = string.Join(", ", layer.Arguments.Select(static argument => $"{argument.Name}: {(argument.Value is float number ? Text.Float(number) : Text.Number((int)argument.Value))}"));
                code.Line($"    {Models}ModelTracer.{layer.Operation}({arguments}, {numbers});");
                break;
            case BlockMethod { Layer: not null } block:
                code.Line($"    {Models}ModelTracer.Layer({arguments}, {block.TypeName}.Spec{(block.IsLinear ? ", isLinear: true" : string.Empty)});");
                break;
            case BlockMethod block:
                code.Line($"    {Models}ModelTracer.Block({arguments}, typeof({block.TypeName}), {block.TypeName}.Apply);");
                break;
            default:
                break;
        }
    }

    // Held against what the code does when it runs.
    private static void EmitPlan(CodeWriter code, NetworkPlan? plan)
    {
        if (plan is null)
        {
            return;
        }

        code.Line().Line("// What was read in Forward, and compiled; the code must come to the same when it runs.");
        code.Line("private const string Plan =");
        string[] lines = [.. plan.Graph.Lines()];
        for (int i = 0; i < lines.Length; i++)
        {
            code.Line($"    {Text.Literal(lines[i] + (i + 1 < lines.Length ? "\n" : string.Empty))}{(i + 1 < lines.Length ? " +" : ";")}");
        }
    }
}
