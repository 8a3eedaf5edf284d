using System;
using Kernels.Quantization;

namespace Kernels.Training;

/// <summary>Rounds what passes to what its codes stand for: PyTorch's QuantStub after <c>prepare_qat</c>. The gradient goes straight through inside the range.</summary>
public sealed class FakeQuantizedInput : TrainableLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="fakeQuantize">Observes and rounds, per tensor.</param>
    public FakeQuantizedInput(FakeQuantize fakeQuantize)
    {
        ArgumentNullException.ThrowIfNull(fakeQuantize);
        FakeQuantize = fakeQuantize;
    }

    /// <summary>Observes and rounds.</summary>
    public FakeQuantize FakeQuantize { get; }

    /// <inheritdoc/>
    public override Shape4 OutputShape(Shape4 input) => input.Checked(nameof(input));

    /// <inheritdoc/>
    protected override void Compute(FloatTensor input, FloatTensor output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        FakeQuantize.Forward(input.Data, output.Data);
    }

    /// <inheritdoc/>
    protected override void Propagate(FloatTensor input, FloatTensor output, FloatTensor outputGradient, FloatTensor? inputGradient)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (inputGradient is not null)
        {
            FakeQuantize.Backward(input.Data, outputGradient.Data, inputGradient.Data);
        }
    }
}
