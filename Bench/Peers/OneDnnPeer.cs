using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Kernels.Bench.Shapes;
using Kernels.Bench.Subjects;
using Kernels.Bench.Timing;
using Kernels.Layers;

namespace Kernels.Bench.Peers;

/// <summary>
/// oneDNN's convolution and deconvolution over channels-last data, weights in the layout that it asks for: u8 x s8 to u8 with zero points, or float32.
/// On CPUs without VNNI its int8 code can saturate; then single outputs differ from ours.
/// </summary>
/// <param name="isFloat">float32 instead of int8.</param>
internal sealed class OneDnnPeer(bool isFloat) : IPeer
{
    /// <inheritdoc/>
    public string Name => isFloat ? "onednn_f32" : "onednn_u8";

    /// <inheritdoc/>
    public string? Missing { get; } = NativeLibraries.Has(NativeLibraries.OneDnn) && NativeLibraries.Has(NativeLibraries.OpenMp)
        ? null
        : "skipped, the system has no oneDNN 2 (Debian: libdnnl2).";

    /// <inheritdoc/>
    public Contestant Prepare(LayerData data)
    {
        var layer = new Layer(Name, isFloat, data);
        try
        {
            layer.Build();
            return layer;
        }
        catch
        {
            layer.Dispose();
            throw;
        }
    }

    private static void Check(int status, string what)
    {
        if (status != OneDnnNative.Success)
        {
            throw new PeerException($"oneDNN gave status {status} for {what}.");
        }
    }

    private sealed unsafe class Layer(string name, bool isFloat, LayerData data) : Contestant
    {
        private readonly List<NativeBuffer> _buffers = [];
        private readonly List<nint> _memories = [];
        private readonly NativeBuffer _output = new((long)data.Row.Output.Count * (isFloat ? sizeof(float) : sizeof(byte)));
        private readonly OneDnnNative.Argument[] _arguments = GC.AllocateArray<OneDnnNative.Argument>(4, pinned: true);
        private nint _engine;
        private nint _stream;
        private nint _primitive;

        public override string Name => name;

        private int Type => isFloat ? OneDnnNative.Float : OneDnnNative.UnsignedByte;

        private int WeightType => isFloat ? OneDnnNative.Float : OneDnnNative.SignedByte;

        public override void Run()
        {
            fixed (OneDnnNative.Argument* arguments = _arguments)
            {
                Check(OneDnnNative.PrimitiveExecute(_primitive, _stream, _arguments.Length, arguments), "the run");
            }

            Check(OneDnnNative.StreamWait(_stream), "the run");
        }

        public override byte[] OutputCodes() => isFloat ? data.ToCodes(_output.Span<float>()) : _output.Span<byte>().ToArray();

        public override void Dispose()
        {
            if (_primitive != 0)
            {
                OneDnnNative.PrimitiveDestroy(_primitive);
            }

            _memories.ForEach(memory => OneDnnNative.MemoryDestroy(memory));
            _buffers.ForEach(buffer => buffer.Dispose());
            _output.Dispose();
        }

        /// <summary>Makes the primitive and packs the weights.</summary>
        public void Build()
        {
            // Never destroyed: an engine and a stream are a few bytes, and the process is short.
            Check(OneDnnNative.EngineCreate(out _engine, OneDnnNative.Cpu, 0), "the engine");
            Check(OneDnnNative.StreamCreate(out _stream, _engine, OneDnnNative.InOrderStream), "the stream");

            ShapeRow row = data.Row;
            ConvolutionSpec spec = row.Spec;
            nint source = ChannelsLast(row.Input);
            nint destination = ChannelsLast(row.Output);
            nint anyWeights = Weights(WeightType, spec, any: true);
            nint bias = Descriptor(OneDnnNative.Float, [spec.OutChannels], [1]);
            nint operation = Buffer(OneDnnNative.OperationDescriptorBytes).Address;
            Describe(operation, source, anyWeights, bias, destination, spec);

            nint attributes = Attributes();
            Check(OneDnnNative.PrimitiveDescriptorCreate(out nint descriptor, operation, attributes, _engine, 0), "the primitive's descriptor");
            Check(OneDnnNative.AttributesDestroy(attributes), "the attributes");
            RefuseReference(descriptor);
            Check(OneDnnNative.PrimitiveCreate(out _primitive, descriptor), "the primitive");

            nint packed = Packed(OneDnnNative.QueryMemoryDescriptor(descriptor, OneDnnNative.QueryWeights, 0), spec);
            _arguments[0] = new(OneDnnNative.Source, isFloat ? Memory(source, data.RealInput) : Memory(source, data.Input));
            _arguments[1] = new(OneDnnNative.Weights, packed);
            _arguments[2] = new(OneDnnNative.Bias, isFloat ? Memory(bias, data.RealBias) : Memory(bias, Array.ConvertAll(data.Bias, value => (float)value)));
            _arguments[3] = new(OneDnnNative.Destination, Memory(destination, _output));
            Check(OneDnnNative.PrimitiveDescriptorDestroy(descriptor), "the primitive's descriptor");
        }

        // int8 sums are scaled once, bias included, and zero points are taken off the input and added to the output.
        private nint Attributes()
        {
            Check(OneDnnNative.AttributesCreate(out nint attributes), "the attributes");
            if (!isFloat)
            {
                float scale = data.InputQuantization.Scale * data.WeightStep / data.OutputQuantization.Scale;
                int inputZeroPoint = data.InputQuantization.ZeroPoint;
                int outputZeroPoint = data.OutputQuantization.ZeroPoint;
                Check(OneDnnNative.SetOutputScales(attributes, 1, 0, &scale), "the scale");
                Check(OneDnnNative.SetZeroPoints(attributes, OneDnnNative.Source, 1, 0, &inputZeroPoint), "the input's zero point");
                Check(OneDnnNative.SetZeroPoints(attributes, OneDnnNative.Destination, 1, 0, &outputZeroPoint), "the output's zero point");
            }

            return attributes;
        }

        private static void RefuseReference(nint descriptor)
        {
            Check(OneDnnNative.Query(descriptor, OneDnnNative.QueryImplementation, 0, out nint text), "its implementation");
            string implementation = Marshal.PtrToStringUTF8(text) ?? string.Empty;
            if (implementation.StartsWith("ref", StringComparison.Ordinal))
            {
                throw new PeerException($"oneDNN has only a reference implementation for this ({implementation}).");
            }
        }

        private static void Describe(nint operation, nint source, nint weights, nint bias, nint destination, ConvolutionSpec spec)
        {
            long* strides = stackalloc long[] { spec.StrideHeight, spec.StrideWidth };
            long* dilations = stackalloc long[] { spec.DilationHeight - 1, spec.DilationWidth - 1 };
            long* before = stackalloc long[] { spec.PaddingHeight, spec.PaddingWidth };
            long* after = stackalloc long[] { spec.PaddingHeight - spec.OutputPaddingHeight, spec.PaddingWidth - spec.OutputPaddingWidth };
            int status = spec.Kind == ConvolutionKind.ConvTranspose2d
                ? OneDnnNative.DeconvolutionDescriptor(
                    operation, OneDnnNative.ForwardInference, OneDnnNative.DeconvolutionDirect, source, weights, bias, destination, strides, dilations, before, after)
                : OneDnnNative.ConvolutionDescriptor(
                    operation, OneDnnNative.ForwardInference, OneDnnNative.ConvolutionDirect, source, weights, bias, destination, strides, dilations, before, after);
            Check(status, "the layer");
        }

        // A memory with the weights in the layout of the primitive.
        private nint Packed(nint layout, ConvolutionSpec spec)
        {
            nint plainLayout = Weights(WeightType, spec, any: false);
            nint plain = isFloat ? Memory(plainLayout, data.RealWeight) : Memory(plainLayout, data.Weight);
            nint packed = Memory(layout, Buffer((long)OneDnnNative.MemoryDescriptorSize(layout)));
            Check(OneDnnNative.ReorderDescriptorCreate(out nint descriptor, plainLayout, _engine, layout, _engine, 0), "packing");
            Check(OneDnnNative.PrimitiveCreate(out nint reorder, descriptor), "packing");
            OneDnnNative.Argument* arguments = stackalloc OneDnnNative.Argument[]
            {
                new(OneDnnNative.Source, plain),
                new(OneDnnNative.Destination, packed),
            };
            Check(OneDnnNative.PrimitiveExecute(reorder, _stream, 2, arguments), "packing");
            Check(OneDnnNative.StreamWait(_stream), "packing");
            Check(OneDnnNative.PrimitiveDestroy(reorder), "packing");
            Check(OneDnnNative.PrimitiveDescriptorDestroy(descriptor), "packing");
            return packed;
        }

        private nint ChannelsLast(Shape4 shape) => Descriptor(Type, [shape.N, shape.C, shape.H, shape.W], [(long)shape.C * shape.H * shape.W, 1, (long)shape.W * shape.C, shape.C]);

        // Weights are [output][input][ky][kx] to oneDNN, with the group before them when there are several. PyTorch
        // stores the same for convolutions, but [group][input][output][ky][kx] for transposed ones.
        private nint Weights(int type, ConvolutionSpec spec, bool any)
        {
            long taps = (long)spec.KernelHeight * spec.KernelWidth;
            long inputs = spec.InChannels / spec.Groups;
            long outputs = spec.OutChannels / spec.Groups;
            long[] sizes = [spec.Groups, outputs, inputs, spec.KernelHeight, spec.KernelWidth];
            long[] strides = spec.Kind == ConvolutionKind.ConvTranspose2d
                ? [inputs * outputs * taps, taps, outputs * taps, spec.KernelWidth, 1]
                : [inputs * outputs * taps, inputs * taps, taps, spec.KernelWidth, 1];
            int first = spec.Groups > 1 ? 0 : 1;
            if (!any)
            {
                return Descriptor(type, sizes[first..], strides[first..]);
            }

            nint descriptor = Buffer(OneDnnNative.MemoryDescriptorBytes).Address;
            fixed (long* pointer = sizes)
            {
                Check(OneDnnNative.MemoryDescriptorByTag(descriptor, sizes.Length - first, pointer + first, type, OneDnnNative.AnyLayout), "the weights");
            }

            return descriptor;
        }

        private nint Descriptor(int type, ReadOnlySpan<long> sizes, ReadOnlySpan<long> strides)
        {
            nint descriptor = Buffer(OneDnnNative.MemoryDescriptorBytes).Address;
            fixed (long* size = sizes, stride = strides)
            {
                Check(OneDnnNative.MemoryDescriptorByStrides(descriptor, sizes.Length, size, type, stride), "a layout");
            }

            return descriptor;
        }

        private nint Memory<T>(nint descriptor, T[] values)
            where T : unmanaged
        {
            var buffer = NativeBuffer.Of<T>(values);
            _buffers.Add(buffer);
            return Memory(descriptor, buffer);
        }

        private nint Memory(nint descriptor, NativeBuffer buffer)
        {
            Check(OneDnnNative.MemoryCreate(out nint memory, descriptor, _engine, buffer.Address), "a memory");
            _memories.Add(memory);
            return memory;
        }

        private NativeBuffer Buffer(long bytes)
        {
            var buffer = new NativeBuffer(bytes);
            _buffers.Add(buffer);
            return buffer;
        }
    }
}
