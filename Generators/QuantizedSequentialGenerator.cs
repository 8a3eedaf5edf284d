using Kernels.Generators.Emission;
using Kernels.Generators.Parsing;
using Kernels.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kernels.Generators;

/// <summary>Makes models of classes annotated with <c>[QuantizedSequential]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class QuantizedSequentialGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context) => Pipeline.Register(
        context,
        AttributeNames.Sequential,
        SequentialParser.Parse,
        static model => new GeneratedFile(model.Type.HintName, SequentialEmitter.Emit(model)));
}
