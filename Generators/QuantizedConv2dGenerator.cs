using Kernels.Generators.Emission;
using Kernels.Generators.Parsing;
using Kernels.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kernels.Generators;

/// <summary>Emits the kernels of classes annotated with <c>[QuantizedConv2d]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class QuantizedConv2dGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context) => Pipeline.Register(
        context,
        AttributeNames.Conv2d,
        LayerParser.Parse,
        static model => new GeneratedFile(model.Type.HintName, LayerEmitter.Emit(model)));
}
