namespace Kernels.Generators.Specs;

/// <summary>A generated file.</summary>
/// <param name="HintName">A stable, unique name; the compiler adds <c>.cs</c>.</param>
/// <param name="Text">The whole text.</param>
internal sealed record GeneratedFile(string HintName, string Text);
