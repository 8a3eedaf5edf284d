using System;
using System.Collections.Generic;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Fuzz.Files;

/// <summary>Saved calibrations: what loads goes on calibrating, and converts, or says that it has no scale.</summary>
internal sealed class CalibrationTarget : FileTarget
{
    private static readonly Shape4 Shape = new(1, 3, 8, 8);

    private static readonly QConfig[] Configs =
    [
        QConfig.FullRange,
        QConfig.X86,
        QConfig.FullRange with { Activation = static () => new MovingAverageMinMaxObserver() },
        QConfig.FullRange with { Activation = static () => new PercentileObserver(99.9) },
        QConfig.FullRange with { Activation = static () => new MeanSquaredErrorObserver() },
    ];

    public override string Name => "calibration";

    public override IReadOnlyList<byte[]> Seeds { get; } = Array.ConvertAll(Configs, Seed);

    public override Action? Read(string path)
    {
        // Which one the file is of stands nowhere in it: one of them takes it, or none.
        Exception? refusal = null;
        foreach (QConfig config in Configs)
        {
            FloatModel model = Networks.Branched();
            model.Prepare(config);
            try
            {
                model.LoadCalibration(path);
            }
            catch (System.IO.InvalidDataException exception)
            {
                refusal = exception;
                continue;
            }

            return () =>
            {
                Convert(model);
                model.Calibrate(Networks.Batch(Shape));
                Convert(model);
            };
        }

        throw refusal!;
    }

    private static void Convert(FloatModel model)
    {
        try
        {
            model.Convert().Forward(Networks.Batch(Shape));
        }
        catch (InvalidOperationException)
        {
        }
    }

    private static byte[] Seed(QConfig config)
    {
        FloatModel model = Networks.Branched();
        model.Prepare(config);
        model.Calibrate(Networks.Batch(Shape));
        return Networks.Written(model.SaveCalibration);
    }
}
