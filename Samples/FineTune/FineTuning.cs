using System;
using System.Collections.Generic;
using Kernels.Models;
using Kernels.Quantization;
using Kernels.Samples.Upscale;
using Kernels.Training;

namespace Kernels.Samples.FineTune;

/// <summary>Two ways from the float network to int8, both with one scale for a layer's weights and the same pictures.</summary>
internal sealed class FineTuning(Network network, Picture[] pictures)
{
    /// <summary>Steps of the sample: about a minute on one core.</summary>
    public const int DefaultSteps = 400;

    private const int CalibrationPatches = 48;
    private const int PatchSide = 32;
    private const float LearningRate = 2e-5f;

    /// <summary>Plain calibration: the ranges of least squared error, which beat the least and greatest values here.</summary>
    public QuantizedModel Calibrate()
    {
        network.Prepare(QConfig.Qnnpack with { Activation = static () => new MeanSquaredErrorObserver() });
        network.Calibrate(CalibrationBatches());
        return network.Convert();
    }

    /// <summary>Fine-tuning: the int8 network learns to give what the float network gives, so no labels are needed.</summary>
    /// <param name="steps">Training steps, one patch each.</param>
    /// <param name="progress">Hears the share that is done.</param>
    public QuantizedModel Train(int steps, IProgress<double>? progress = null)
    {
        // Full ranges, and one scale for a layer's weights, as its attribute says.
        QuantizationAwareModel model = network.PrepareForTraining();
        foreach (FloatTensor batch in CalibrationBatches())
        {
            model.Forward(batch);
        }

        var optimizer = new Adam(model.Parameters, LearningRate);
        var trainer = new Trainer(model, optimizer, Loss.MeanSquaredError);
        var random = new Random(2);
        for (int step = 0; step < steps; step++)
        {
            // Half a cosine, from the full rate to none.
            optimizer.LearningRate = LearningRate * 0.5f * (1 + MathF.Cos(MathF.PI * step / steps));
            trainer.Step(Patches.Next(pictures, PatchSide, random), network.Forward);
            progress?.Report((step + 1.0) / steps);
        }

        return model.Convert();
    }

    private IEnumerable<FloatTensor> CalibrationBatches()
    {
        var random = new Random(1);
        for (int i = 0; i < CalibrationPatches; i++)
        {
            yield return Patches.Next(pictures, PatchSide, random);
        }
    }
}
