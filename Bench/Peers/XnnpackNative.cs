using System;
using System.Runtime.InteropServices;
using Kernels.Layers;

namespace Kernels.Bench.Peers;

/// <summary>
/// The functions of XNNPACK that the bench calls, as of early 2022: create, then setup with the data's addresses, then run.
/// Convolution and deconvolution are created by functions of the same signature.
/// </summary>
internal static unsafe partial class XnnpackNative
{
    /// <summary>The status of success.</summary>
    public const int Success = 0;

    /// <summary>Creates a layer of signed weights and codes.</summary>
    public delegate int CreateSigned(
        uint paddingTop,
        uint paddingRight,
        uint paddingBottom,
        uint paddingLeft,
        uint kernelHeight,
        uint kernelWidth,
        uint strideHeight,
        uint strideWidth,
        uint dilationHeight,
        uint dilationWidth,
        uint groups,
        nuint groupInputChannels,
        nuint groupOutputChannels,
        nuint inputPixelStride,
        nuint outputPixelStride,
        sbyte inputZeroPoint,
        float inputScale,
        float kernelScale,
        sbyte* kernel,
        int* bias,
        sbyte outputZeroPoint,
        float outputScale,
        sbyte outputMin,
        sbyte outputMax,
        uint flags,
        out nint result);

    /// <summary>Creates a layer of unsigned weights and codes.</summary>
    public delegate int CreateUnsigned(
        uint paddingTop,
        uint paddingRight,
        uint paddingBottom,
        uint paddingLeft,
        uint kernelHeight,
        uint kernelWidth,
        uint strideHeight,
        uint strideWidth,
        uint dilationHeight,
        uint dilationWidth,
        uint groups,
        nuint groupInputChannels,
        nuint groupOutputChannels,
        nuint inputPixelStride,
        nuint outputPixelStride,
        byte inputZeroPoint,
        float inputScale,
        byte kernelZeroPoint,
        float kernelScale,
        byte* kernel,
        int* bias,
        byte outputZeroPoint,
        float outputScale,
        byte outputMin,
        byte outputMax,
        uint flags,
        out nint result);

    /// <summary>Gives a deconvolution its data; the adjustment is PyTorch's output padding.</summary>
    public delegate int SetupDeconvolution(
        nint layer, nuint batch, nuint height, nuint width, uint adjustmentHeight, uint adjustmentWidth, nint input, nint output, nint threadPool);

    /// <summary>Gives a convolution its data.</summary>
    public delegate int SetupConvolution(nint layer, nuint batch, nuint height, nuint width, nint input, nint output, nint threadPool);

    /// <summary>A function of one of the two layers in one of the two types.</summary>
    /// <param name="verb">create or setup.</param>
    /// <param name="kind">The layer.</param>
    /// <param name="signed">qs8 instead of qu8.</param>
    public static T Function<T>(string verb, ConvolutionKind kind, bool signed)
        where T : Delegate
    {
        string layer = kind == ConvolutionKind.ConvTranspose2d ? "deconvolution" : "convolution";
        string name = $"xnn_{verb}_{layer}2d_nhwc_{(signed ? "qs8" : "qu8")}";
        return NativeLibraries.Find(NativeLibraries.Xnnpack, name) is nint address
            ? Marshal.GetDelegateForFunctionPointer<T>(address)
            : throw new PeerException($"this XNNPACK has no {name}.");
    }

    [LibraryImport(NativeLibraries.Xnnpack, EntryPoint = "xnn_initialize")]
    public static partial int Initialize(nint allocator);

    [LibraryImport(NativeLibraries.Xnnpack, EntryPoint = "xnn_run_operator")]
    public static partial int Run(nint layer, nint threadPool);

    [LibraryImport(NativeLibraries.Xnnpack, EntryPoint = "xnn_delete_operator")]
    public static partial int Delete(nint layer);
}
