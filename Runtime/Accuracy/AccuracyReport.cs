using System;
using System.Collections.Generic;
using System.IO;
using Kernels.Models;

namespace Kernels.Accuracy;

/// <summary>
/// Compares a converted model with its float model layer by layer, each fed by what came before it in its own model: PyTorch's
/// <c>compare_model_outputs</c>. The first layer whose SQNR falls far below that of the layer before it is the one to look at.
/// </summary>
public sealed class AccuracyReport
{
    private readonly LayerAccuracy[] _layers;

    private AccuracyReport(LayerAccuracy[] layers) => _layers = layers;

    /// <summary>The quantized input, if the model starts with one, then every layer in the order in which they run.</summary>
    public IReadOnlyList<LayerAccuracy> Layers => _layers;

    /// <summary>The last layer, which makes the output.</summary>
    public LayerAccuracy Output => _layers[^1];

    /// <summary>Runs both models.</summary>
    /// <param name="model">The float model that was converted (the fused one, if it was fused).</param>
    /// <param name="converted">What <see cref="FloatModel.Convert()"/> made of it.</param>
    /// <param name="batches">Inputs, best ones that were not used for calibration. One at a time is kept in memory, with all its layers' outputs.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ArgumentException">The converted model has other layers, a batch does not fit, or there is no batch.</exception>
    public static AccuracyReport Measure(FloatModel model, QuantizedModel converted, IEnumerable<FloatTensor> batches)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(converted);
        ArgumentNullException.ThrowIfNull(batches);
        var comparison = new ModelComparison(model, converted);
        bool isEmpty = true;
        foreach (FloatTensor batch in batches)
        {
            comparison.Add(batch);
            isEmpty = false;
        }

        return isEmpty
            ? throw new ArgumentException("There is no batch to compare the models with: give at least one.", nameof(batches))
            : new AccuracyReport(comparison.Layers());
    }

    /// <summary>Runs a model of an annotated class in float and in int8.</summary>
    /// <param name="model">The float model.</param>
    /// <param name="converted">What <see cref="AnnotatedModel.Convert"/> made of it.</param>
    /// <param name="batches">Inputs, best ones that were not used for calibration.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ArgumentException">The converted model has other layers, a batch does not fit, or there is no batch.</exception>
    public static AccuracyReport Measure(AnnotatedModel model, QuantizedModel converted, IEnumerable<FloatTensor> batches)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Measure(model.Graph, converted, batches);
    }

    /// <summary>The report as a table of text, with a block of phases for each transposed layer.</summary>
    /// <returns>Lines that end with <c>\n</c>.</returns>
    public override string ToString() => AccuracyText.Of(this);

    /// <summary>The report as a picture.</summary>
    /// <returns>An SVG document.</returns>
    public string ToSvg() => AccuracySvg.Of(this);

    /// <summary>
    /// How channels use the codes of their tensors, as a picture: a bar a channel, as high as the bits that its range in the float model fills.
    /// </summary>
    /// <returns>An SVG document.</returns>
    public string ToChannelRangesSvg() => ChannelRangesSvg.Of(this);

    /// <summary>The report as a page with the pictures and the table, which needs no other file.</summary>
    /// <param name="title">The page's title.</param>
    /// <returns>An HTML document.</returns>
    public string ToHtml(string title = "Accuracy of the int8 model") => AccuracyHtml.Of(this, title);

    /// <summary>Writes the page to a file.</summary>
    /// <param name="path">The file, replaced if there is one.</param>
    /// <param name="title">The page's title.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveHtml(string path, string title = "Accuracy of the int8 model") => File.WriteAllText(path, ToHtml(title));
}
