using System;

namespace Kernels.Models;

/// <content>Bodies of the methods of layers with tensors, but without a kernel.</content>
public static partial class ModelTracer
{
    /// <summary>The body of a batch norm's method.</summary>
    /// <param name="x">What the layer reads.</param>
    /// <param name="model">The class that declares it.</param>
    /// <param name="name">The method's name.</param>
    /// <param name="weights">What the names of its tensors start with; null for the method's name.</param>
    /// <param name="channels">Its channels.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <returns>What the layer makes.</returns>
    public static Value BatchNorm2d(Value x, Type model, string name, string? weights, int channels, float epsilon) =>
        TraceOf(x, name).Parameters(model, name, weights, nameof(BatchNorm2d), [channels, epsilon], (tensors, layer, prefix) => Modules.BatchNorm2d(tensors.BatchNorm(layer, prefix, channels, epsilon)), x);

    /// <summary>The body of an instance norm's method.</summary>
    /// <param name="x">What the layer reads.</param>
    /// <param name="model">The class that declares it.</param>
    /// <param name="name">The method's name.</param>
    /// <param name="weights">What the names of its tensors start with; null for the method's name.</param>
    /// <param name="channels">Its channels.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <returns>What the layer makes.</returns>
    public static Value InstanceNorm2d(Value x, Type model, string name, string? weights, int channels, float epsilon) =>
        TraceOf(x, name).Parameters(model, name, weights, nameof(InstanceNorm2d), [channels, epsilon], (tensors, layer, prefix) => Modules.InstanceNorm2d(tensors.Normalization(layer, prefix, channels, epsilon)), x);

    /// <summary>The body of a layer norm's method.</summary>
    /// <param name="x">What the layer reads.</param>
    /// <param name="model">The class that declares it.</param>
    /// <param name="name">The method's name.</param>
    /// <param name="weights">What the names of its tensors start with; null for the method's name.</param>
    /// <param name="channels">Its channels.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <returns>What the layer makes.</returns>
    public static Value LayerNorm(Value x, Type model, string name, string? weights, int channels, float epsilon) =>
        TraceOf(x, name).Parameters(model, name, weights, nameof(LayerNorm), [channels, epsilon], (tensors, layer, prefix) => Modules.LayerNorm(tensors.Normalization(layer, prefix, channels, epsilon)), x);

    /// <summary>The body of a group norm's method.</summary>
    /// <param name="x">What the layer reads.</param>
    /// <param name="model">The class that declares it.</param>
    /// <param name="name">The method's name.</param>
    /// <param name="weights">What the names of its tensors start with; null for the method's name.</param>
    /// <param name="groups">Groups of channels.</param>
    /// <param name="channels">Its channels.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <returns>What the layer makes.</returns>
    public static Value GroupNorm(Value x, Type model, string name, string? weights, int groups, int channels, float epsilon) =>
        TraceOf(x, name).Parameters(model, name, weights, nameof(GroupNorm), [groups, channels, epsilon], (tensors, layer, prefix) => Modules.GroupNorm(groups, tensors.Normalization(layer, prefix, channels, epsilon)), x);

    /// <summary>The body of a PReLU's method.</summary>
    /// <param name="x">What the layer reads.</param>
    /// <param name="model">The class that declares it.</param>
    /// <param name="name">The method's name.</param>
    /// <param name="weights">What the names of its tensors start with; null for the method's name.</param>
    /// <param name="channels">Its slopes.</param>
    /// <returns>What the layer makes.</returns>
    public static Value PReLU(Value x, Type model, string name, string? weights, int channels) =>
        TraceOf(x, name).Parameters(model, name, weights, nameof(PReLU), [channels], (tensors, layer, prefix) => Modules.PReLU(tensors.Slopes(layer, prefix, channels)), x);

    /// <summary>The body of a channel affine's method.</summary>
    /// <param name="x">What the layer reads.</param>
    /// <param name="model">The class that declares it.</param>
    /// <param name="name">The method's name.</param>
    /// <param name="weights">What the names of its tensors start with; null for the method's name.</param>
    /// <param name="channels">Its channels.</param>
    /// <returns>What the layer makes.</returns>
    public static Value ChannelAffine(Value x, Type model, string name, string? weights, int channels) =>
        TraceOf(x, name).Parameters(model, name, weights, nameof(ChannelAffine), [channels], (tensors, layer, prefix) => Modules.Affine(tensors.Affine(layer, prefix, channels)), x);

    /// <summary>The body of a constant's method.</summary>
    /// <param name="x">What the layer reads.</param>
    /// <param name="model">The class that declares it.</param>
    /// <param name="name">The method's name.</param>
    /// <param name="weights">What the names of its tensors start with; null for the method's name.</param>
    /// <param name="batch">Its images.</param>
    /// <param name="channels">Its channels.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="width">Its columns.</param>
    /// <returns>What the layer makes.</returns>
    public static Value Constant(Value x, Type model, string name, string? weights, int batch, int channels, int height, int width) =>
        TraceOf(x, name).Parameters(model, name, weights, nameof(Constant), [batch, channels, height, width], (tensors, layer, prefix) => Modules.Constant(tensors.Constant(layer, prefix, new Shape4(batch, channels, height, width))), x);
}
