using System.Linq;
using Kernels.Fusion;

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
    bool MachineCode = true,
    EquatableArray<FusedFunction> Epilogue = default)
{
    /// <summary>Whether the kernel applies functions of its own before it rounds; the activation is then None.</summary>
    public bool IsFused => Epilogue.Count > 0;

    /// <summary>Whether the kernel reads a second input.</summary>
    public bool HasSecond => Epilogue.Contains(FusedFunction.Add);

    /// <summary>Whether it is a transposed convolution.</summary>
    public bool IsTransposed => Kind == LayerKind.ConvTranspose2d;

    /// <summary>Input channels of one group.</summary>
    public int GroupInputs => InChannels / Groups;

    /// <summary>Output channels of one group.</summary>
    public int GroupOutputs => OutChannels / Groups;
}
