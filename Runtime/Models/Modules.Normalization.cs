using System;
using Kernels.Layers;
using Kernels.Models.Nodes;

namespace Kernels.Models;

/// <content>Normalization by the statistics of the input.</content>
public static partial class Modules
{
    /// <summary>Normalizes each channel of every image; the layer stays float.</summary>
    /// <param name="parameters">Weight and bias of each channel.</param>
    /// <returns>The layer.</returns>
    public static Module InstanceNorm2d(NormalizationParameters parameters) => Normalization("InstanceNorm2d", new(), parameters, new FloatGroupNorm(Channels(parameters), parameters));

    /// <summary>Normalizes the channels of every pixel; the layer stays float.</summary>
    /// <param name="parameters">Weight and bias of each channel.</param>
    /// <returns>The layer.</returns>
    public static Module LayerNorm(NormalizationParameters parameters) => Normalization("LayerNorm", new(), parameters, new FloatLayerNorm(parameters));

    /// <summary>Normalizes groups of channels of every image; the layer stays float.</summary>
    /// <param name="numGroups">Groups of neighbouring channels.</param>
    /// <param name="parameters">Weight and bias of each channel.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">The channels do not make so many groups.</exception>
    public static Module GroupNorm(int numGroups, NormalizationParameters parameters) =>
        Normalization("GroupNorm", new ModuleArguments().With("num_groups", numGroups), parameters, new FloatGroupNorm(numGroups, parameters));

    private static int Channels(NormalizationParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters.Channels;
    }

    private static UnaryModule Normalization(string type, ModuleArguments arguments, NormalizationParameters parameters, FloatNormalization layer) =>
        new(type, arguments.With("channels", parameters.Channels).With("eps", parameters.Epsilon), layer, null)
        {
            Tensors = [("weight", parameters.Weight.ToArray()), ("bias", parameters.Bias.ToArray())],
            Channels = parameters.Channels,
        };
}
