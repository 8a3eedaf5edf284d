using System;
using Xunit;

namespace Kernels.Generators.Tests.Support;

/// <summary>A test that needs guard pages, which are made by mmap here.</summary>
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "Guard pages are made by mmap." : null;
}
