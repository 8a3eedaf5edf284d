namespace Kernels;

/// <summary>How many scales the int8 weights of a layer have.</summary>
public enum WeightScheme
{
    /// <summary>One scale for each output channel, counted across groups.</summary>
    PerChannel,

    /// <summary>One scale for the whole weight tensor.</summary>
    PerTensor,
}
