using System.Collections.Immutable;
using System.Linq;
using Kernels.Generators.Emission;
using Kernels.Generators.Parsing;
using Kernels.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kernels.Generators;

/// <summary>
/// Emits annotated layers and networks, and their kernels. One generator for all of them, since layers of any kind share the kernel of their spec.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class LayerGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        foreach (string attribute in AttributeNames.OfMethods)
        {
            Pipeline.RegisterCheck(context, attribute, LayerMethodParser.CheckPlace);
        }

        IncrementalValueProvider<ImmutableArray<LayerSpec>> specs = Layers(context, AttributeNames.Conv2d)
            .Combine(Layers(context, AttributeNames.ConvTranspose2d))
            .Combine(Layers(context, AttributeNames.Linear))
            .Combine(Networks(context))
            .Select(static (all, _) => all.Left.Left.Left.AddRange(all.Left.Left.Right).AddRange(all.Left.Right).AddRange(all.Right));

        IncrementalValuesProvider<GeneratedFile> kernels = specs
            .SelectMany(static (all, _) => KernelBuckets.Of(all))
            .SelectMany(static (bucket, _) => bucket)
            .Select(static (spec, _) => KernelEmitter.Emit(spec))
            .WithTrackingName(TrackingNames.Kernel);
        context.RegisterSourceOutput(kernels, static (output, file) => output.AddSource(file.HintName, file.Text));
    }

    /// <summary>Emits the annotated classes of an attribute, and gives the specs of their kernels.</summary>
    private static IncrementalValueProvider<ImmutableArray<LayerSpec>> Layers(IncrementalGeneratorInitializationContext context, string attribute) =>
        Pipeline.Register(context, attribute, LayerParser.Parse, LayerEmitter.Emit)
            .Select(static (model, _) => model.Layer)
            .Collect();

    /// <summary>Emits the networks, and gives the specs of their kernels.</summary>
    private static IncrementalValueProvider<ImmutableArray<LayerSpec>> Networks(IncrementalGeneratorInitializationContext context) =>
        Pipeline.Register(context, AttributeNames.Model, NetworkParser.Parse, NetworkEmitter.Emit)
            .SelectMany(static (network, _) => NetworkKernels.Of(network).Select(static kernel => kernel.Spec))
            .Collect();
}
