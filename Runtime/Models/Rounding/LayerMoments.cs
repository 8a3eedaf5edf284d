using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Layers;
using Kernels.Models.Nodes;

namespace Kernels.Models.Rounding;

/// <summary>What the weights of a layer multiply.</summary>
internal sealed class LayerMoments
{
    // Pixels in all for each weight of an output channel: so many that moments are well known.
    private const int PixelsPerWeight = 8;
    private const int LeastPixels = 2048;

    private readonly PatchMoments[] _phases;
    private readonly int _batches;

    /// <summary>Nothing seen yet.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="batches">How many batches there will be.</param>
    public LayerMoments(WeightedModule layer, int batches)
    {
        Layer = layer;
        _batches = batches;
        _phases = [.. PatchReader.Of(layer.Spec).Select(static reader => new PatchMoments(reader))];
    }

    /// <summary>The layer.</summary>
    public WeightedModule Layer { get; }

    /// <summary>The moments of each phase and group.</summary>
    public IReadOnlyList<PatchMoments> Phases => _phases;

    /// <summary>Bytes that the moments of a layer take.</summary>
    /// <param name="spec">The layer.</param>
    public static long Bytes(ConvolutionSpec spec) => PatchReader.Of(spec).Sum(static reader => sizeof(float) * (long)reader.Length * reader.Length);

    /// <summary>Takes a batch into account.</summary>
    /// <param name="shape">Shape of the layer's input.</param>
    /// <param name="values">Its values in order n, h, w, c.</param>
    public void Add(Shape4 shape, ReadOnlySpan<float> values)
    {
        Shape4 output = Layer.Spec.OutputShape(shape);
        int image = shape.H * shape.W * shape.C;
        foreach (PatchMoments phase in _phases)
        {
            int most = (Math.Max(LeastPixels, PixelsPerWeight * phase.Reader.Length) - 1) / (_batches * shape.N) + 1;
            for (int n = 0; n < shape.N; n++)
            {
                phase.Add(values.Slice(n * image, image), shape, output, most);
            }
        }
    }
}
