using System;
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

        IncrementalValueProvider<ImmutableArray<LayerSpec>> specs = Networks(context);
        foreach (string attribute in AttributeNames.Layers)
        {
            specs = specs.Combine(Layers(context, attribute)).Select(static (both, _) => both.Left.AddRange(both.Right));
        }

        IncrementalValuesProvider<GeneratedFile> kernels = specs
            .SelectMany(static (all, _) => KernelBuckets.Of(all))
            .SelectMany(static (bucket, _) => bucket)
            .Combine(Listing(context))
            .Select(static (both, _) => KernelEmitter.Emit(both.Left, both.Right))
            .WithTrackingName(TrackingNames.Kernel);
        context.RegisterSourceOutput(kernels, static (output, file) => output.AddSource(file.HintName, file.Text));
    }

    /// <summary>Whether the project asks for the disassembly of machine code.</summary>
    private static IncrementalValueProvider<bool> Listing(IncrementalGeneratorInitializationContext context) => context.AnalyzerConfigOptionsProvider
        .Select(static (options, _) => options.GlobalOptions.TryGetValue("build_property." + MachineCodeEmitter.ListingProperty, out string? value)
            && value.Equals("true", StringComparison.OrdinalIgnoreCase));

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
