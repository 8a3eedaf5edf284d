using System;

namespace Kernels;

/// <summary>
/// Makes the annotated partial class a model that runs the given generated layers one after the other:
/// float weights in, prepare, calibrate, convert, run.
/// </summary>
/// <param name="layers">Generated layer classes, in the order in which they run.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class QuantizedSequentialAttribute(params Type[] layers) : Attribute
{
    /// <summary>Generated layer classes, in the order in which they run.</summary>
    public Type[] Layers { get; } = layers;
}
