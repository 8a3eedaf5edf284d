using System;
using System.Collections.Generic;
using Kernels.Models;

namespace Kernels.Fuzz.Files;

/// <summary>Converted models: one that loads runs, from and to guarded memory, on an image of a few pixels.</summary>
internal sealed class ModelTarget : FileTarget
{
    // What needs more than this is slow for a reason that a caller knows from OutputShape and WorkingMemory.
    private const int MostOutputs = 1 << 20;
    private const int MostBytes = 16 << 20;

    public override string Name => "model";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Networks.Saved(Networks.Branched(), new Shape4(1, 3, 8, 8)),
        Networks.Saved(Networks.Branched(), new Shape4(1, 3, 8, 8), "conv", "norm"),
        Networks.Saved(Networks.Shaped(), new Shape4(1, 2, 8, 8)),
        Networks.Saved(Networks.Shaped(), new Shape4(1, 2, 8, 8), "linear", "pad"),
        Networks.Saved(Networks.Functional(), new Shape4(1, 4, 8, 8)),
        Networks.Saved(Networks.Functional(), new Shape4(1, 4, 8, 8), "affine", "mean", "slice", "sub"),
        Networks.Saved(Networks.Normalized(), new Shape4(1, 4, 4, 4), "group", "instance", "layer", "softmax"),
    ];

    public override Action? Read(string path)
    {
        QuantizedModel model = QuantizedModel.Load(path);
        return () =>
        {
            foreach (int size in (int[])[8, 1])
            {
                Run(model, new Shape4(1, model.InChannels, size, size + size / 4));
            }
        };
    }

    private static void Run(QuantizedModel model, Shape4 shape)
    {
        Shape4 output;
        try
        {
            output = model.OutputShape(shape);
        }
        catch (ArgumentException)
        {
            return;
        }

        if (shape.Count <= MostOutputs && output.Count <= MostOutputs && model.WorkingMemory(shape) <= MostBytes)
        {
            using var input = new GuardedSpan<float>(shape.Count);
            using var result = new GuardedSpan<float>(output.Count);
            model.Run(input.Span, shape.N, shape.H, shape.W, result.Span);
        }
    }
}
