using System.Linq;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>The part of an annotated model class that makes it an <c>AnnotatedModel</c>.</summary>
internal static class SequentialEmitter
{
    private const string Models = "global::Kernels.Models.";
    private const string List = "global::System.Collections.Generic.IReadOnlyList";

    public static string Emit(SequentialModel model)
    {
        TypeSpec type = model.Type;
        CodeWriter code = FileHead.Write(type);
        TypeScope.Open(code, type);
        code.Line("/// <remarks>");
        code.Line($"/// A sequence of {model.Layers.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)} layers: {string.Join(", ", model.Layers.Select(layer => layer.Name))}.");
        code.Line("/// </remarks>");
        code.Line(FileHead.GeneratedCode);
        code.Open($"{type.Declaration} : {Models}AnnotatedModel");
        code.Lines($$"""
            /// <summary>Makes the model from a file of float weights.</summary>
            /// <param name="weights">Tensors named as PyTorch's nn.Sequential names them: 0.weight, 0.bias, 2.weight and so on.</param>
            public {{type.Name}}({{Models}}SafetensorsFile weights)
                : base({{Models}}Sequential.Of(Layers, weights))
            {
            }

            /// <summary>Makes the model from float weights.</summary>
            /// <param name="weights">Weights for each layer.</param>
            public {{type.Name}}({{List}}<{{Models}}LayerWeights> weights)
                : base({{Models}}Sequential.Of(Layers, weights))
            {
            }

            /// <summary>The layers in the order in which they run.</summary>
            public static {{List}}<{{Models}}LayerFactory> Layers { get; } =
            """);
        code.Line("[");
        foreach (SequentialLayer layer in model.Layers)
        {
            code.Line($"    {Models}LayerFactory.For<{layer.TypeName}>(\"{layer.Name}\"),");
        }

        code.Line("];").Line();
        code.Lines($$"""
            /// <summary>Reads a converted model that QuantizedModel.Save wrote.</summary>
            /// <param name="path">The file.</param>
            /// <returns>The int8 model, with the kernels of its layers' classes.</returns>
            public static {{Models}}QuantizedModel Load(string path) =>
                {{Models}}QuantizedModel.Load(path, [.. Layers]);

            /// <summary>Reads what QuantizedModel.Save wrote to a stream, up to its end.</summary>
            /// <param name="stream">The bytes; the stream stays open.</param>
            /// <returns>The int8 model, with the kernels of its layers' classes.</returns>
            public static {{Models}}QuantizedModel Load(global::System.IO.Stream stream) =>
                {{Models}}QuantizedModel.Load(stream, [.. Layers]);
            """);
        code.Close();
        TypeScope.Close(code, type);
        return code.ToString();
    }
}
