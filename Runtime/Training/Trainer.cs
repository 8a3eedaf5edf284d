using System;

namespace Kernels.Training;

/// <summary>One training step after the other: forward, loss, backward, and the optimizer's step.</summary>
/// <param name="model">The network, whose parameters the optimizer has.</param>
/// <param name="optimizer">Changes the parameters.</param>
/// <param name="loss">Says how far outputs are from what they should be.</param>
public sealed class Trainer(TrainableLayer model, Optimizer optimizer, Loss loss)
{
    private readonly TrainableLayer _model = model ?? throw new ArgumentNullException(nameof(model));
    private readonly Optimizer _optimizer = optimizer ?? throw new ArgumentNullException(nameof(optimizer));
    private readonly Loss _loss = loss ?? throw new ArgumentNullException(nameof(loss));
    private readonly TensorBuffer _gradient = new();

    /// <summary>Learns from labels.</summary>
    /// <param name="input">A batch.</param>
    /// <param name="label">What the network should give for it.</param>
    /// <returns>The loss before the step.</returns>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public double Step(FloatTensor input, FloatTensor label)
    {
        ArgumentNullException.ThrowIfNull(label);
        FloatTensor output = _model.Forward(input);
        FloatTensor gradient = _gradient.Take(output.Shape);
        double value = _loss.Compute(output, label, gradient);
        _optimizer.ZeroGradient();
        _model.BackwardToParameters(gradient);
        _optimizer.Step();
        return value;
    }

    /// <summary>Distillation: learns from what another network gives, so no labels are needed.</summary>
    /// <param name="input">A batch.</param>
    /// <param name="teacher">The other network, for example the <c>Forward</c> of the float model that is being quantized.</param>
    /// <returns>The loss before the step.</returns>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public double Step(FloatTensor input, Func<FloatTensor, FloatTensor> teacher)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        return Step(input, teacher(input));
    }
}
