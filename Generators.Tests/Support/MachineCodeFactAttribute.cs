using System;
using Kernels.Execution;
using Xunit;

namespace Kernels.Generators.Tests.Support;

/// <summary>A fact about a process in which machine code runs.</summary>
internal sealed class MachineCodeFactAttribute : FactAttribute
{
    public MachineCodeFactAttribute()
    {
        string refusal = MachineCode.Load([0xC3]).Refusal;
        Skip = OperatingSystem.IsWindows() ? "Guard pages are made by mmap." : refusal.Length > 0 ? $"Machine code does not run here: {refusal}." : null;
    }
}
