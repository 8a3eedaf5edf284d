using System;
using Xunit;

namespace Kernels.Generators.Tests.Support;

/// <summary>A theory that needs guard pages, which are made by mmap here.</summary>
internal sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute() => Skip = OperatingSystem.IsWindows() ? "Guard pages are made by mmap." : null;
}
