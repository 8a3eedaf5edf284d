using System;
using System.Diagnostics;
using System.Reflection;

namespace Kernels.Execution;

/// <summary>Tells generated kernels whether the JIT optimises their assembly.</summary>
public static class Optimization
{
    /// <summary>Whether the methods of a type's assembly are optimised; in a Debug build they are not, whatever they ask for.</summary>
    /// <param name="type">A type of the assembly.</param>
    /// <returns>False where the assembly is marked as one to debug.</returns>
    public static bool IsOnFor(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled != true;
    }
}
