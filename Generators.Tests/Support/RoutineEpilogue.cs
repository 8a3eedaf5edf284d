using System;
using System.Linq;
using System.Runtime.InteropServices;
using Kernels.Execution;
using Kernels.Generators.Specs;
using Kernels.Layers;
using Kernels.Packing;
using Kernels.Quantization;
using Kernels.Tests.Support;

namespace Kernels.Generators.Tests.Support;

/// <summary>The epilogue of a routine's call: random constants between guard pages, and the codes that they must give.</summary>
internal sealed unsafe class RoutineEpilogue
{
    private readonly bool _upper;
    private readonly Random _random;
    private readonly int _arrays;

    public RoutineEpilogue(LayerSpec spec, bool upper, Random random)
    {
        _upper = upper;
        _random = random;
        var functions = new EpilogueSpec([.. spec.Epilogue.Select(function => (EpilogueFunction)function)]);
        _arrays = 2 + 2 * functions.Count(function => function == EpilogueFunction.ChannelAffine) + (functions.IsNone ? 0 : 1);
        var layer = new ConvolutionSpec
        {
            Kind = ConvolutionKind.Conv2d,
            InChannels = 1,
            OutChannels = 1,
            KernelHeight = 1,
            KernelWidth = 1,
            HasBias = false,
            Activation = (Activation)spec.Activation,
            NegativeSlope = 0.1f,
            Epilogue = functions,
        };
        EpilogueParameters? parameters = functions.IsNone ? null : EpilogueCase.Constants(functions, 1, isExtreme: false, random);
        var output = new QuantizationParameters(0.05f, random.Next(256));
        var requantizer = Requantizer.Create(layer, WeightQuantization.PerChannel([1f]), [], new QuantizationParameters(1f, 0), output, parameters);
        EpilogueScalars scalars = PackedConvolution.Scalars(requantizer);
        if (!functions.IsNone)
        {
            ReadOnlySpan<byte> program = MemoryMarshal.AsBytes(EpilogueConstants.Program(requantizer).AsSpan());
            var memory = new GuardedMemory(program.Length, upper);
            program.CopyTo(memory.Span);
            scalars.Constants = (float*)memory.Pointer;
        }

        Scalars = scalars;
    }

    /// <summary>The scalars, but for the second input's place.</summary>
    public EpilogueScalars Scalars { get; }

    /// <summary>Bias, multiplier and what else channels have, array by array.</summary>
    /// <param name="count">Values of an array.</param>
    /// <param name="stride">Values from one array to the next.</param>
    public GuardedMemory Channels(int count, int stride)
    {
        var memory = new GuardedMemory(((_arrays - 1) * stride + count) * sizeof(float), _upper);
        Span<float> values = MemoryMarshal.Cast<byte, float>(memory.Span);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (i / stride) switch
            {
                0 => _random.NextSingle() * 5000,
                1 => _random.NextSingle() * 0.01f,
                int array when array == _arrays - 1 => 5 + _random.NextSingle() * 20,
                _ => (_random.NextSingle() - 0.4f) * 3,
            };
        }

        return memory;
    }

    /// <summary>The code of a sum.</summary>
    /// <param name="sum">The sum.</param>
    /// <param name="channel">Bias of its channel.</param>
    /// <param name="stride">Values from there to the multiplier.</param>
    /// <param name="second">Code of the second input.</param>
    public byte Code(int sum, float* channel, int stride, byte* second)
    {
        EpilogueScalars e = Scalars;
        return e.FunctionCount > 0
            ? Fused.Code(sum, channel[0], channel[stride], e, channel + 2 * stride, stride, second)
            : Requantizer.Apply(sum, channel[0], channel[stride], e.NegativeSlope, e.Lower, e.Upper, e.ZeroPoint);
    }
}
