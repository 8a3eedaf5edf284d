using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Kernels.Generators.Tests.Support;

/// <summary>Lets the JIT compile generated kernels without running them.</summary>
internal static class PreparedKernels
{
    private const BindingFlags Everything = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Compiles every method that asks for full optimisation, with every dot step that fits it.</summary>
    public static void Prepare(Assembly assembly)
    {
        foreach (MethodInfo method in assembly.GetTypes().SelectMany(type => type.GetMethods(Everything)))
        {
            if (method.MethodImplementationFlags.HasFlag(MethodImplAttributes.AggressiveOptimization))
            {
                foreach (RuntimeTypeHandle[] arguments in Instantiations(method))
                {
                    RuntimeHelpers.PrepareMethod(method.MethodHandle, arguments);
                }
            }
        }
    }

    private static IEnumerable<RuntimeTypeHandle[]> Instantiations(MethodInfo method)
    {
        if (!method.IsGenericMethodDefinition)
        {
            return [[]];
        }

        Type contract = method.GetGenericArguments().Single().GetGenericParameterConstraints().Single(constraint => constraint.IsInterface);
        return typeof(Shape4).Assembly.GetTypes().Where(type => type.IsValueType && !type.ContainsGenericParameters && contract.IsAssignableFrom(type)).Select(type => new[] { type.TypeHandle });
    }
}
