namespace Kernels.Models;

/// <summary>
/// What a layer of a network makes, or the network's input: it holds no numbers, only how they come about. A <see cref="ModelBuilder"/> and the
/// functions of <see cref="Functions"/> make values, and so do the layers of a class annotated with <see cref="QuantizedModelAttribute"/>.
/// </summary>
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

    /// <summary>As <see cref="Functions.Add(Value, Value)"/>.</summary>
    public static Value operator +(Value left, Value right) => Functions.Add(left, right);

    /// <summary>As <see cref="Functions.Mul(Value, Value)"/>.</summary>
    public static Value operator *(Value left, Value right) => Functions.Mul(left, right);
}
