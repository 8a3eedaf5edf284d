using System;
using Kernels.Quantization;
using Kernels.Training.Nodes;

namespace Kernels.Training;

/// <summary>Rounds what passes to what its codes stand for: PyTorch's QuantStub after <c>prepare_qat</c>. The gradient goes straight through inside the range.</summary>
public sealed class FakeQuantizedInput : TrainableLayer
{
    private readonly ValueRounding _rounding;

    /// <summary>Makes the layer.</summary>
    /// <param name="fakeQuantize">Observes and rounds, per tensor.</param>
    public FakeQuantizedInput(FakeQuantize fakeQuantize)
        : this(new ValueRounding(fakeQuantize))
    {
    }

    internal FakeQuantizedInput(ValueRounding rounding)
    {
        ArgumentNullException.ThrowIfNull(rounding.FakeQuantize, "fakeQuantize");
        _rounding = rounding;
    }

    /// <summary>Observes and rounds.</summary>
    public FakeQuantize FakeQuantize => _rounding.FakeQuantize;

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => input.Checked(nameof(input));

    /// <inheritdoc/>
    protected override void Compute(FloatTensor input, FloatTensor output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        _rounding.Forward(input.Data, output.Data);
    }

    /// <inheritdoc/>
    protected override void Propagate(FloatTensor input, FloatTensor output, FloatTensor outputGradient, FloatTensor? inputGradient)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (inputGradient is not null)
        {
            _rounding.Backward(input.Data, outputGradient.Data, inputGradient.Data);
        }
    }
}
