using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Accuracy;
using Kernels.Models;
using Kernels.Quantization;
using Kernels.Training;

namespace Kernels.Tool.Commands;

/// <summary>
/// Trains an int8 network to give what the float network gives, without labels, and keeps what came of it only where inputs that it was not trained on say so: a few
/// pictures are soon learned by heart.
/// </summary>
/// <param name="network">The float network, fused.</param>
/// <param name="steps">Training steps, an input each.</param>
internal sealed class FineTuning(FloatModel network, int steps)
{
    private const float LearningRate = 1e-5f;

    // Of the inputs, these are held out to judge with.
    private const int HeldOutShare = 4;

    /// <summary>SQNR in dB of the calibrated network on the inputs held out.</summary>
    public double Before { get; private set; }

    /// <summary>That of the network that was trained.</summary>
    public double After { get; private set; }

    /// <summary>The better of both.</summary>
    /// <param name="calibrated">The int8 network as it was calibrated.</param>
    /// <param name="batches">Typical inputs, at least two.</param>
    /// <param name="progress">Hears how many steps are done.</param>
    public QuantizedModel Run(QuantizedModel calibrated, IReadOnlyList<FloatTensor> batches, IProgress<int> progress)
    {
        if (batches.Count < 2)
        {
            throw new ToolException("Fine-tuning needs two inputs at least, some to learn from and others to judge with; a few dozen are better.");
        }

        int held = Math.Max(1, batches.Count / HeldOutShare);
        FloatTensor[] others = [.. batches.TakeLast(held)];
        QuantizedModel trained = Train([.. batches.SkipLast(held)], progress);
        Before = AccuracyReport.Measure(network, calibrated, others).Output.Error.Sqnr;
        After = AccuracyReport.Measure(network, trained, others).Output.Error.Sqnr;
        return After > Before ? trained : calibrated;
    }

    private QuantizedModel Train(FloatTensor[] inputs, IProgress<int> progress)
    {
        QuantizationAwareModel model = network.PrepareForTraining(QConfig.FullRangeTraining);
        foreach (FloatTensor input in inputs)
        {
            model.Forward(input);
        }

        var optimizer = new Adam(model.Parameters, LearningRate);
        var trainer = new Trainer(model, optimizer, Loss.MeanSquaredError);
        FloatTensor[] targets = Array.ConvertAll(inputs, network.Forward);
        for (int step = 0; step < steps; step++)
        {
            // Half a cosine, from the full rate to none.
            optimizer.LearningRate = LearningRate * 0.5f * (1 + MathF.Cos(MathF.PI * step / steps));
            trainer.Step(inputs[step % inputs.Length], targets[step % inputs.Length]);
            progress.Report(step + 1);
        }

        return model.Convert();
    }
}
