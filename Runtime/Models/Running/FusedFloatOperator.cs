using System;
using Kernels.Layers;

namespace Kernels.Models.Running;

/// <summary>The float twin of a fused layer: the convolution, then its functions, each value in its turn, then the scales of channels.</summary>
internal sealed class FusedFloatOperator(IFloatLayer layer, EpilogueStep[] steps, float[] channelScales, bool hasSecond) : Operator
{
    public override Shape4 OutputShape(ReadOnlySpan<Shape4> inputs)
    {
        Shape4 shape = layer.OutputShape(inputs[0]);
        return hasSecond ? ResidualShape.Of(shape, inputs[1]) : shape;
    }

    public override void Run(GraphMemory memory, ReadOnlySpan<int> inputs, int output)
    {
        Shape4 shape = memory.Shape(inputs[0]);
        Span<float> values = memory.Write<float>(output);
        layer.Run(memory.Read<float>(inputs[0]), shape.N, shape.H, shape.W, values);
        ReadOnlySpan<float> second = hasSecond ? memory.Read<float>(inputs[1]) : default;
        foreach (EpilogueStep step in steps)
        {
            FloatEpilogue.Apply(step, values, second);
        }

        FloatEpilogue.Divide(values, channelScales);
    }
}
