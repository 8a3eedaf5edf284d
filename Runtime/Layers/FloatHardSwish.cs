using System;
using System.Numerics;

namespace Kernels.Layers;

/// <summary>Hardswish: <c>x * min(max(x + 3, 0), 6) / 6</c>.</summary>
public sealed class FloatHardSwish : FloatElementwise
{
    private protected override void Compute(ReadOnlySpan<float> input, Shape4 from, Span<float> output, Shape4 to) => Map(default(Function), input, output);

    private readonly struct Function : IFunction
    {
        public Vector<float> Of(Vector<float> x) =>
            x * Vector.Min(Vector.Max(x + new Vector<float>(3f), Vector<float>.Zero), new Vector<float>(6f)) / new Vector<float>(6f);
    }
}
