using System;
using System.Runtime.Intrinsics;
using Kernels.Execution;
using Kernels.Generic;
using Kernels.Layers;
using Kernels.Quantization;

namespace Kernels.Packing;

/// <summary>
/// The weights and constants of a layer in the order in which its generated kernel reads them. Packed once, for the
/// instruction set at hand; read-only afterwards, so that threads can share it.
/// </summary>
public abstract unsafe class PackedConvolution
{
    // A residual is one more step; words need none, but took 1.37 times as long on a Zen 4 core.
    private const double SplitLimit = 0.35;

    private protected PackedConvolution(ConvolutionSpec spec, WeightForm form, MachineCode code, QuantizationParameters input, QuantizationParameters output)
    {
        Spec = spec;
        Form = form;
        Code = code;
        InputQuantization = input;
        OutputQuantization = output;
    }

    /// <summary>The layer that the weights belong to.</summary>
    public ConvolutionSpec Spec { get; }

    /// <summary>Scale and zero point of the input.</summary>
    public QuantizationParameters InputQuantization { get; }

    /// <summary>Scale and zero point of the output.</summary>
    public QuantizationParameters OutputQuantization { get; }

    /// <summary>Scale and zero point of the second input; null where the epilogue adds none.</summary>
    public QuantizationParameters? SecondQuantization { get; private protected init; }

    /// <summary>How the weights are multiplied.</summary>
    public WeightForm Form { get; }

    /// <summary>Whether weights are bytes; words otherwise.</summary>
    public bool UsesBytes => Form != WeightForm.Words;

    /// <summary>Whether kernels stage activations less 128, as signed bytes.</summary>
    public bool HasSignedActivations => Form is WeightForm.SignedBytes or WeightForm.SignedPairs;

    /// <summary>The byte that stands for zero in staged rows.</summary>
    internal byte StagedZeroPoint => (byte)(HasSignedActivations ? InputQuantization.ZeroPoint ^ Recentering.Flip : InputQuantization.ZeroPoint);

    /// <summary>Bytes that an activation takes in staged rows.</summary>
    internal int ChannelBytes => UsesBytes ? sizeof(byte) : sizeof(ushort);

    /// <summary>Whether the kernel's dot tiles run as machine code.</summary>
    public bool UsesMachineCode => Form == WeightForm.ExactBytes && Code.IsAvailable;

    /// <summary>The kernel's machine code, or why there is none.</summary>
    public MachineCode Code { get; }

    /// <summary>
    /// The form of byte weights in a test whose kernels multiply by a model of an instruction; null for what the CPU has.
    /// </summary>
    internal static WeightForm? FormForTest { get; set; }

    /// <summary>What the layer runs on, and why it does not run on machine code.</summary>
    public KernelInfo Info => KernelInfo.Of(this);

    /// <summary>Bytes of packed weights, constants included.</summary>
    public abstract long Size { get; }

    /// <summary>Throws unless weights fit the layer and its accumulators fit int32.</summary>
    private protected static void Check(ConvolutionSpec spec, QuantizedWeight weight)
    {
        ConvolutionChecks.Check(spec, weight.Shape);
        ConvolutionChecks.CheckAccumulator(spec, weight);
    }

    /// <summary>The machine code, unless its saturating packs could differ from the formula's clamp for this layer, or its division from one.</summary>
    private protected static MachineCode Usable(MachineCode code, CenteredWeights weight, Requantizer requantizer) =>
        !code.IsAvailable ? code
        : !weight.OutputsFitInt32(requantizer) ? MachineCode.None("values before the last clamp could leave int32")
        : !SixthByProducts.GivesTheSameCodes(requantizer) ? MachineCode.None("constants behind a HardSwish make codes of numbers too small for its division")
        : code;

    /// <summary>Bytes in front of everything else: the scalars of the epilogue, then the constants of a fused one.</summary>
    private protected static nint HeadBytes(Requantizer requantizer) =>
        AlignedMemory.Align(sizeof(EpilogueScalars)) + AlignedMemory.Align(EpilogueConstants.Program(requantizer).Length * sizeof(float));

    /// <summary>Writes what <see cref="HeadBytes"/> counts.</summary>
    private protected static void WriteHead(Requantizer requantizer, byte* memory)
    {
        EpilogueScalars scalars = Scalars(requantizer);
        float[] program = EpilogueConstants.Program(requantizer);
        if (program.Length > 0)
        {
            scalars.Constants = (float*)(memory + AlignedMemory.Align(sizeof(EpilogueScalars)));
            program.CopyTo(new Span<float>(scalars.Constants, program.Length));
        }

        *(EpilogueScalars*)memory = scalars;
    }

    /// <summary>Most residuals for each dot step: tiles that read no split weights have none.</summary>
    private protected static double ResidualLimit(WeightForm form) => form == WeightForm.SplitBytes ? SplitLimit : 0;

    /// <summary>Zero point of activations as staged rows hold them.</summary>
    private protected static int ZeroPoint(WeightForm form, QuantizationParameters input) =>
        form is WeightForm.SignedBytes or WeightForm.SignedPairs ? input.ZeroPoint - Recentering.Flip : input.ZeroPoint;

    /// <summary>Bytes where packing can make them exact, by the best instruction that there is; null where it cannot.</summary>
    private protected static WeightForm? ByteForm(CenteredWeights weight, MachineCode code) =>
        !weight.FitBytes ? null
        : FormForTest is WeightForm form ? form
        : code.IsAvailable ? WeightForm.ExactBytes
        : Ladder.ByteForm();

    /// <summary>The scalars of the epilogue.</summary>
    internal static EpilogueScalars Scalars(Requantizer requantizer) => new()
    {
        Lower = requantizer.Lower,
        Upper = requantizer.Upper,
        NegativeSlope = requantizer.NegativeSlope,
        ZeroPoint = requantizer.ZeroPoint,
        LaneOrder = Vector128.Create((byte)0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15),
        ZeroPointWords = (uint)requantizer.ZeroPoint * 0x00010001,
        LowestCodes = (uint)((int)requantizer.Lower + requantizer.ZeroPoint) * 0x01010101,
        HighestCodes = (uint)((int)requantizer.Upper + requantizer.ZeroPoint) * 0x01010101,
        FunctionCount = requantizer.Epilogue?.Spec.Count ?? 0,
    };
}
