using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kernels.Models.Rounding;

/// <summary>Rounds the weights of all layers of a model that become int8: see <see cref="LearnedRounding"/>.</summary>
internal static class ModelRounding
{
    // Moments that are held at once; a layer that needs more has its turn alone.
    private const long MostBytes = 256L << 20;

    /// <summary>Rounds weights.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layers">The nodes whose weights are rounded, with what nearest rounding makes of them.</param>
    /// <param name="batches">Typical inputs.</param>
    /// <param name="progress">Hears after each layer how many are done.</param>
    /// <param name="cancellationToken">Stops between batches and between layers.</param>
    /// <returns>The weights, in the order of the layers.</returns>
    public static QuantizedLayerWeights[] Of(
        FloatModel model, IReadOnlyList<NearestWeights> layers, IReadOnlyList<FloatTensor> batches, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var rounded = new QuantizedLayerWeights[layers.Count];
        for (int first = 0; first < layers.Count;)
        {
            int end = first;
            for (long bytes = 0; end < layers.Count && (end == first || bytes + Bytes(end) <= MostBytes); end++)
            {
                bytes += Bytes(end);
            }

            LayerMoments[] moments = [.. Enumerable.Range(first, end - first).Select(i => new LayerMoments(layers[i].Layer, batches.Count))];
            var tap = new MomentTap([.. moments.Select((layer, i) => (layers[first + i].InputSlot, layer))]);
            foreach (FloatTensor batch in batches)
            {
                cancellationToken.ThrowIfCancellationRequested();
                model.Forward(batch, tap);
            }

            for (; first < end; first++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                NearestWeights layer = layers[first];
                rounded[first] = LearnedRounding.Of(moments[^(end - first)], layer.Weights, layer.Settings, layer.Input);
                progress?.Report(first + 1);
            }
        }

        return rounded;

        long Bytes(int layer) => LayerMoments.Bytes(layers[layer].Layer.Spec);
    }
}
