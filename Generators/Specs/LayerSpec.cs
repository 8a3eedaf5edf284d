namespace Kernels.Generators.Specs;

/// <summary>The layers that kernels are generated for.</summary>
internal enum LayerKind
{
    Conv2d,
    ConvTranspose2d,
}

/// <summary>The activation fused into the epilogue; the order is that of <c>Kernels.Activation</c>.</summary>
internal enum ActivationKind
{
    None,
    Relu,
    Relu6,
    LeakyRelu,
}

/// <summary>
/// What a layer computes, validated: every number is in range, channels are divisible by groups, and the
/// accumulator fits int32. No symbol, no syntax: equal specs give equal code.
/// </summary>
internal sealed record LayerSpec(
    LayerKind Kind,
    int InChannels,
    int OutChannels,
    AxisSpec Vertical,
    AxisSpec Horizontal,
    int Groups,
    bool HasBias,
    ActivationKind Activation,
    float NegativeSlope,
    bool PerChannelWeights,
    bool MachineCode = true)
{
    /// <summary>Whether it is a transposed convolution.</summary>
    public bool IsTransposed => Kind == LayerKind.ConvTranspose2d;

    /// <summary>Input channels of one group.</summary>
    public int GroupInputs => InChannels / Groups;

    /// <summary>Output channels of one group.</summary>
    public int GroupOutputs => OutChannels / Groups;
}
