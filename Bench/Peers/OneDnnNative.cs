using System.Runtime.InteropServices;

namespace Kernels.Bench.Peers;

/// <summary>
/// The functions of oneDNN 2.x that the bench calls. Descriptors are opaque here: they live in buffers that are larger than the
/// C structs (696 and 5976 bytes in 2.6).
/// </summary>
internal static unsafe partial class OneDnnNative
{
    public const int Success = 0;
    public const int MemoryDescriptorBytes = 2048;
    public const int OperationDescriptorBytes = 16384;

    public const int Cpu = 1;
    public const int InOrderStream = 1;
    public const int ForwardInference = 96;
    public const int ConvolutionDirect = 1;
    public const int DeconvolutionDirect = 10;
    public const int AnyLayout = 1;

    public const int Float = 3;
    public const int SignedByte = 5;
    public const int UnsignedByte = 6;

    public const int QueryWeights = 131;
    public const int QueryImplementation = 8;

    public const int Source = 1;
    public const int Destination = 17;
    public const int Weights = 33;
    public const int Bias = 41;

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_engine_create")]
    public static partial int EngineCreate(out nint engine, int kind, nuint index);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_stream_create")]
    public static partial int StreamCreate(out nint stream, nint engine, uint flags);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_stream_wait")]
    public static partial int StreamWait(nint stream);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_memory_desc_init_by_strides")]
    public static partial int MemoryDescriptorByStrides(nint descriptor, int dimensions, long* sizes, int type, long* strides);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_memory_desc_init_by_tag")]
    public static partial int MemoryDescriptorByTag(nint descriptor, int dimensions, long* sizes, int type, int tag);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_memory_desc_get_size")]
    public static partial nuint MemoryDescriptorSize(nint descriptor);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_memory_create")]
    public static partial int MemoryCreate(out nint memory, nint descriptor, nint engine, nint data);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_memory_destroy")]
    public static partial int MemoryDestroy(nint memory);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_dilated_deconvolution_forward_desc_init")]
    public static partial int DeconvolutionDescriptor(
        nint descriptor, int propagation, int algorithm, nint source, nint weights, nint bias, nint destination, long* strides, long* dilations, long* paddingBefore, long* paddingAfter);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_dilated_convolution_forward_desc_init")]
    public static partial int ConvolutionDescriptor(
        nint descriptor, int propagation, int algorithm, nint source, nint weights, nint bias, nint destination, long* strides, long* dilations, long* paddingBefore, long* paddingAfter);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_primitive_attr_create")]
    public static partial int AttributesCreate(out nint attributes);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_primitive_attr_destroy")]
    public static partial int AttributesDestroy(nint attributes);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_primitive_attr_set_output_scales")]
    public static partial int SetOutputScales(nint attributes, long count, int mask, float* scales);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_primitive_attr_set_zero_points")]
    public static partial int SetZeroPoints(nint attributes, int argument, long count, int mask, int* zeroPoints);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_primitive_desc_create")]
    public static partial int PrimitiveDescriptorCreate(out nint descriptor, nint operation, nint attributes, nint engine, nint hint);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_primitive_desc_destroy")]
    public static partial int PrimitiveDescriptorDestroy(nint descriptor);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_primitive_desc_query_md")]
    public static partial nint QueryMemoryDescriptor(nint descriptor, int what, int index);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_primitive_desc_query")]
    public static partial int Query(nint descriptor, int what, int index, out nint result);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_reorder_primitive_desc_create")]
    public static partial int ReorderDescriptorCreate(out nint descriptor, nint source, nint sourceEngine, nint destination, nint destinationEngine, nint attributes);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_primitive_create")]
    public static partial int PrimitiveCreate(out nint primitive, nint descriptor);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_primitive_destroy")]
    public static partial int PrimitiveDestroy(nint primitive);

    [LibraryImport(NativeLibraries.OneDnn, EntryPoint = "dnnl_primitive_execute")]
    public static partial int PrimitiveExecute(nint primitive, nint stream, int count, Argument* arguments);

    /// <summary>A memory and what it is to the primitive.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct Argument(int index, nint memory)
    {
        public readonly int Index = index;
        public readonly nint Memory = memory;
    }
}
