namespace Kernels.Generators;

/// <summary>The names of the pipelines' steps, by which tests see what was computed anew.</summary>
internal static class TrackingNames
{
    /// <summary>Attribute to model and diagnostics: runs for every annotated class whenever the compilation changes.</summary>
    public const string Parse = nameof(Parse);

    /// <summary>The models alone: the border behind which nothing runs unless a model changed.</summary>
    public const string Model = nameof(Model);

    /// <summary>Model to the text of the user's class.</summary>
    public const string Emit = nameof(Emit);

    /// <summary>Spec to the text of its kernel: the costly step, taken once for all layers of a spec.</summary>
    public const string Kernel = nameof(Kernel);

    /// <summary>The diagnostics alone.</summary>
    public const string Diagnostics = nameof(Diagnostics);

    /// <summary>All of them.</summary>
    public static readonly string[] All = [Parse, Model, Emit, Kernel, Diagnostics];
}
