using Kernels.Generators.Emission;
using Kernels.Generators.Parsing;
using Kernels.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kernels.Generators;

/// <summary>Emits the kernels of classes annotated with <c>[QuantizedLinear]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class QuantizedLinearGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context) => Pipeline.Register(
        context,
        AttributeNames.Linear,
        LayerParser.Parse,
        static model => new GeneratedFile(model.Type.HintName, LayerEmitter.Emit(model)));
}
