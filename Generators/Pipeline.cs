using System;
using Kernels.Generators.Diagnostics;
using Kernels.Generators.Parsing;
using Kernels.Generators.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kernels.Generators;

/// <summary>Parse, then two outputs: the diagnostics, and the text of every class that has a model.</summary>
internal static class Pipeline
{
    /// <summary>Registers the pipeline of one attribute.</summary>
    /// <param name="context">The generator's context.</param>
    /// <param name="attribute">Metadata name of the attribute.</param>
    /// <param name="parse">Symbol and attribute to an equatable model; runs whenever the compilation changes.</param>
    /// <param name="emit">Model to text; runs only when the model changed.</param>
    /// <returns>The models.</returns>
    public static IncrementalValuesProvider<TModel> Register<TModel>(
        IncrementalGeneratorInitializationContext context,
        string attribute,
        Func<AnnotatedClass, ParseResult<TModel>> parse,
        Func<TModel, GeneratedFile> emit)
        where TModel : class, IEquatable<TModel>
    {
        IncrementalValuesProvider<ParseResult<TModel>> parsed = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attribute,
                static (node, _) => AnnotatedClass.IsClass(node),
                (syntax, cancellation) => parse(AnnotatedClass.From(syntax, cancellation)))
            .WithTrackingName(TrackingNames.Parse);

        IncrementalValuesProvider<DiagnosticInfo> diagnostics = parsed
            .SelectMany(static (result, _) => result.Diagnostics)
            .WithTrackingName(TrackingNames.Diagnostics);
        context.RegisterSourceOutput(diagnostics, static (output, diagnostic) => output.ReportDiagnostic(diagnostic.ToDiagnostic()));

        IncrementalValuesProvider<TModel> models = parsed
            .Where(static result => result.Model is not null)
            .Select(static (result, _) => result.Model!)
            .WithTrackingName(TrackingNames.Model);
        IncrementalValuesProvider<GeneratedFile> files = models
            .Select((model, _) => emit(model))
            .WithTrackingName(TrackingNames.Emit);
        context.RegisterSourceOutput(files, static (output, file) => output.AddSource(file.HintName, file.Text));
        return models;
    }

    /// <summary>Registers a check of methods with an attribute.</summary>
    /// <param name="context">The generator's context.</param>
    /// <param name="attribute">Metadata name of the attribute.</param>
    /// <param name="check">What there is to say of a method, if anything.</param>
    public static void RegisterCheck(
        IncrementalGeneratorInitializationContext context,
        string attribute,
        Func<IMethodSymbol, SyntaxNode, DiagnosticInfo?> check)
    {
        IncrementalValuesProvider<DiagnosticInfo> diagnostics = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attribute,
                static (node, _) => node is MethodDeclarationSyntax,
                (syntax, _) => syntax.TargetSymbol is IMethodSymbol method ? check(method, syntax.TargetNode) : null)
            .Where(static diagnostic => diagnostic is not null)
            .Select(static (diagnostic, _) => diagnostic!)
            .WithTrackingName(TrackingNames.Diagnostics);
        context.RegisterSourceOutput(diagnostics, static (output, diagnostic) => output.ReportDiagnostic(diagnostic.ToDiagnostic()));
    }
}
