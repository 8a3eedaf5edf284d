using System.Runtime.InteropServices;

namespace Kernels.Bench.Peers;

/// <summary>The functions of XNNPACK that the bench calls, as of early 2022: create, then setup with the data's addresses, then run.</summary>
internal static unsafe partial class XnnpackNative
{
    /// <summary>The status of success.</summary>
    public const int Success = 0;

    [LibraryImport(NativeLibraries.Xnnpack, EntryPoint = "xnn_initialize")]
    public static partial int Initialize(nint allocator);

    [LibraryImport(NativeLibraries.Xnnpack, EntryPoint = "xnn_create_deconvolution2d_nhwc_qs8")]
    public static partial int CreateDeconvolutionSigned(
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

    [LibraryImport(NativeLibraries.Xnnpack, EntryPoint = "xnn_create_deconvolution2d_nhwc_qu8")]
    public static partial int CreateDeconvolutionUnsigned(
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

    [LibraryImport(NativeLibraries.Xnnpack, EntryPoint = "xnn_setup_deconvolution2d_nhwc_qs8")]
    public static partial int SetupDeconvolutionSigned(nint layer, nuint batch, nuint height, nuint width, uint adjustmentHeight, uint adjustmentWidth, nint input, nint output, nint threadPool);

    [LibraryImport(NativeLibraries.Xnnpack, EntryPoint = "xnn_setup_deconvolution2d_nhwc_qu8")]
    public static partial int SetupDeconvolutionUnsigned(nint layer, nuint batch, nuint height, nuint width, uint adjustmentHeight, uint adjustmentWidth, nint input, nint output, nint threadPool);

    [LibraryImport(NativeLibraries.Xnnpack, EntryPoint = "xnn_run_operator")]
    public static partial int Run(nint layer, nint threadPool);

    [LibraryImport(NativeLibraries.Xnnpack, EntryPoint = "xnn_delete_operator")]
    public static partial int Delete(nint layer);
}
