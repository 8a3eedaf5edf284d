using System;
using System.Collections.Generic;
using System.Threading;

namespace Kernels.Models;

/// <summary>What annotated classes can do without a member of that name, which the user's own could hide.</summary>
public static class AnnotatedModelExtensions
{
    /// <summary>
    /// The int8 model with the least error that typical inputs alone can give: see <see cref="FloatModel.Quantize"/>. It needs no
    /// <see cref="AnnotatedModel.Prepare()"/>, and forgets nothing that was calibrated.
    /// </summary>
    /// <param name="model">The annotated class.</param>
    /// <param name="batches">Typical inputs; a few dozen pictures are better than a few.</param>
    /// <param name="progress">Hears after each layer with weights how many are done.</param>
    /// <param name="cancellationToken">Stops between batches and layers.</param>
    /// <returns>The converted model.</returns>
    /// <exception cref="ArgumentException">There is no batch, or a shape does not fit a layer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static QuantizedModel Quantize(this AnnotatedModel model, IEnumerable<FloatTensor> batches, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Graph.Quantize(batches, progress, cancellationToken);
    }
}
