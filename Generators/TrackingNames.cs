namespace Kernels.Generators;

/// <summary>The names of the pipelines' steps, by which tests see what was computed anew.</summary>
internal static class TrackingNames
{
    /// <summary>Attribute to model and diagnostics: runs for every annotated class whenever the compilation changes.</summary>
    public const string Parse = nameof(Parse);

    /// <summary>The models alone: the border behind which nothing runs unless a model changed.</summary>
    public const string Model = nameof(Model);

    /// <summary>Model to text: the costly step.</summary>
    public const string Emit = nameof(Emit);

    /// <summary>The diagnostics alone.</summary>
    public const string Diagnostics = nameof(Diagnostics);

    /// <summary>All of them.</summary>
    public static readonly string[] All = [Parse, Model, Emit, Diagnostics];
}
