using System;
using Kernels.Bench.Shapes;
using Kernels.Bench.Subjects;
using Kernels.Bench.Timing;
using Kernels.Layers;

namespace Kernels.Bench.Peers;

/// <summary>
/// XNNPACK's quantized convolution and deconvolution: qs8 (signed inputs and weights) or qu8 (unsigned ones). Codes are moved by 128 where its types are not ours.
/// </summary>
/// <param name="signed">qs8 instead of qu8.</param>
internal sealed class XnnpackPeer(bool signed) : IPeer
{
    /// <inheritdoc/>
    public string Name => signed ? "xnnpack_qs8" : "xnnpack_qu8";

    /// <inheritdoc/>
    public string? Missing { get; } = FindOut();

    /// <inheritdoc/>
    public Contestant Prepare(LayerData data) => new Layer(Name, signed, data);

    private static string? FindOut()
    {
        if (!NativeLibraries.Has(NativeLibraries.Xnnpack))
        {
            return "skipped, the system has no XNNPACK (Debian: libxnnpack0).";
        }

        // Later versions split setup in two and take weight caches: other signatures under the same names.
        if (NativeLibraries.Find(NativeLibraries.Xnnpack, "xnn_reshape_deconvolution2d_nhwc_qs8") is not null ||
            NativeLibraries.Find(NativeLibraries.Xnnpack, "xnn_create_weights_cache") is not null ||
            NativeLibraries.Find(NativeLibraries.Xnnpack, "xnn_init_weights_cache") is not null)
        {
            return "skipped, this XNNPACK is newer than the one whose functions the bench knows (early 2022, as in Debian 12).";
        }

        return XnnpackNative.Initialize(0) == XnnpackNative.Success ? null : "skipped, XNNPACK does not support this CPU.";
    }

    private sealed class Layer : Contestant
    {
        // Signed codes are unsigned ones less this.
        private const int Shift = 128;

        private readonly bool _signed;
        private readonly NativeBuffer _input;
        private readonly NativeBuffer _output;
        private readonly nint _layer;

        public Layer(string name, bool signed, LayerData data)
        {
            Name = name;
            _signed = signed;
            ShapeRow row = data.Row;
            _input = NativeBuffer.Of<byte>(signed ? Moved(data.Input) : data.Input);
            _output = new NativeBuffer(row.Output.Count);
            _layer = Create(data);
            Setup(row);
        }

        public override string Name { get; }

        public override void Run() => Check(XnnpackNative.Run(_layer, 0));

        public override byte[] OutputCodes() => _signed ? Moved(_output.Span<byte>()) : _output.Span<byte>().ToArray();

        public override void Dispose()
        {
            XnnpackNative.Delete(_layer);
            _input.Dispose();
            _output.Dispose();
        }

        private void Setup(ShapeRow row)
        {
            ConvolutionSpec spec = row.Spec;
            nuint height = (nuint)row.Height;
            nuint width = (nuint)row.Width;
            if (spec.Kind == ConvolutionKind.ConvTranspose2d)
            {
                var setup = XnnpackNative.Function<XnnpackNative.SetupDeconvolution>("setup", spec.Kind, _signed);
                Check(setup(_layer, 1, height, width, (uint)spec.OutputPaddingHeight, (uint)spec.OutputPaddingWidth, _input.Address, _output.Address, 0));
            }
            else
            {
                var setup = XnnpackNative.Function<XnnpackNative.SetupConvolution>("setup", spec.Kind, _signed);
                Check(setup(_layer, 1, height, width, _input.Address, _output.Address, 0));
            }
        }

        private unsafe nint Create(LayerData data)
        {
            ConvolutionSpec spec = data.Row.Spec;
            uint vertical = (uint)spec.PaddingHeight;
            uint horizontal = (uint)spec.PaddingWidth;
            int inputZeroPoint = data.InputQuantization.ZeroPoint;
            int outputZeroPoint = data.OutputQuantization.ZeroPoint;
            nint layer;
            fixed (int* bias = data.Bias)
            fixed (sbyte* kernel = Weight(data))
            {
                if (_signed)
                {
                    var create = XnnpackNative.Function<XnnpackNative.CreateSigned>("create", spec.Kind, _signed);
                    Check(create(
                        vertical, horizontal, vertical, horizontal,
                        (uint)spec.KernelHeight, (uint)spec.KernelWidth, (uint)spec.StrideHeight, (uint)spec.StrideWidth, (uint)spec.DilationHeight, (uint)spec.DilationWidth,
                        (uint)spec.Groups, (nuint)(spec.InChannels / spec.Groups), (nuint)(spec.OutChannels / spec.Groups), (nuint)spec.InChannels, (nuint)spec.OutChannels,
                        (sbyte)(inputZeroPoint - Shift), data.InputQuantization.Scale, data.WeightStep, kernel, bias,
                        (sbyte)(outputZeroPoint - Shift), data.OutputQuantization.Scale, sbyte.MinValue, sbyte.MaxValue, 0, out layer));
                }
                else
                {
                    var create = XnnpackNative.Function<XnnpackNative.CreateUnsigned>("create", spec.Kind, _signed);
                    Check(create(
                        vertical, horizontal, vertical, horizontal,
                        (uint)spec.KernelHeight, (uint)spec.KernelWidth, (uint)spec.StrideHeight, (uint)spec.StrideWidth, (uint)spec.DilationHeight, (uint)spec.DilationWidth,
                        (uint)spec.Groups, (nuint)(spec.InChannels / spec.Groups), (nuint)(spec.OutChannels / spec.Groups), (nuint)spec.InChannels, (nuint)spec.OutChannels,
                        (byte)inputZeroPoint, data.InputQuantization.Scale, Shift, data.WeightStep, (byte*)kernel, bias,
                        (byte)outputZeroPoint, data.OutputQuantization.Scale, byte.MinValue, byte.MaxValue, 0, out layer));
                }
            }

            return layer;
        }

        // [group][output][ky][kx][input], moved by 128 for qu8.
        private sbyte[] Weight(LayerData data)
        {
            ConvolutionSpec spec = data.Row.Spec;
            var weight = new sbyte[data.Weight.Length];
            int next = 0;
            for (int output = 0; output < spec.OutChannels; output++)
            {
                for (int ky = 0; ky < spec.KernelHeight; ky++)
                {
                    for (int kx = 0; kx < spec.KernelWidth; kx++)
                    {
                        for (int input = 0; input < spec.InChannels / spec.Groups; input++)
                        {
                            int code = data.Weight[spec.WeightIndex(output, input, ky, kx)];
                            weight[next++] = unchecked((sbyte)(_signed ? code : code + Shift));
                        }
                    }
                }
            }

            return weight;
        }

        private static byte[] Moved(ReadOnlySpan<byte> codes)
        {
            var moved = new byte[codes.Length];
            for (int i = 0; i < moved.Length; i++)
            {
                moved[i] = (byte)(codes[i] ^ Shift);
            }

            return moved;
        }

        private static void Check(int status)
        {
            if (status != XnnpackNative.Success)
            {
                throw new PeerException($"XNNPACK gave status {status}.");
            }
        }
    }
}
