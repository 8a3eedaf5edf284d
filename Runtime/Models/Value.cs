namespace Kernels.Models;

/// <summary>What a layer of a model being built reads: the model's input, or the output of a layer.</summary>
public sealed class Value
{
    internal Value(ModelBuilder builder, int index, string name, int channels)
    {
        Builder = builder;
        Index = index;
        Name = name;
        Channels = channels;
    }

    /// <summary>Name of the layer that makes it; <c>input</c> for the model's input.</summary>
    public string Name { get; }

    /// <summary>Channels; 0 when they depend on the image, as behind a Flatten.</summary>
    public int Channels { get; }

    internal ModelBuilder Builder { get; }

    /// <summary>0 for the model's input, 1 for the first layer's output, and so on.</summary>
    internal int Index { get; }
}
