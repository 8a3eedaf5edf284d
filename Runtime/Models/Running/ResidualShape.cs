using System;

namespace Kernels.Models.Running;

/// <summary>What a kernel that adds a second value needs of it.</summary>
internal static class ResidualShape
{
    /// <summary>The output's shape.</summary>
    /// <exception cref="ArgumentException">The second value has another one.</exception>
    public static Shape4 Of(Shape4 output, Shape4 second) => second == output
        ? output
        : throw new ArgumentException($"It adds {second} to its output {output}, but a fused sum needs two of one shape: build the model without fusing this sum.", nameof(second));
}
