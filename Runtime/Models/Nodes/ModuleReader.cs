using System;
using System.IO;
using Kernels.Generic;
using Kernels.Layers;

namespace Kernels.Models.Nodes;

/// <summary>Makes layers from what <see cref="Module.Arguments"/> and <see cref="Module.WriteTensors"/> said.</summary>
internal static partial class ModuleReader
{
    /// <summary>Makes a layer.</summary>
    /// <param name="type">PyTorch's name of its type.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="isQuantized">Whether it is int8, so that its float weights are not in the file.</param>
    /// <param name="tensor">Finds a tensor of the layer by the end of its name, and checks its shape.</param>
    /// <param name="kernel">Makes the int8 layer, when a kernel was generated for it.</param>
    /// <exception cref="InvalidDataException">There is no such layer; the message says why.</exception>
    public static Module Read(string type, ModuleArguments arguments, bool isQuantized, Func<string, int[], SafetensorsTensor> tensor, LayerFactory? kernel)
    {
        try
        {
            Module layer = Make(type, arguments, isQuantized, tensor, kernel);
            arguments.RequireSame(layer.Arguments());
            return isQuantized && layer.IsFloatOnly
                ? throw new InvalidDataException($"A layer of the type {SafetensorsFile.Quote(type)} has no int8 form.")
                : layer;
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    private static Module Make(string type, ModuleArguments arguments, bool isQuantized, Func<string, int[], SafetensorsTensor> tensor, LayerFactory? kernel) => type switch
    {
        "Conv2d" or "ConvTranspose2d" or WeightedModule.LinearType => Weighted(type, arguments, isQuantized, tensor, kernel),
        BatchNormModule.TypeName => BatchNorm(arguments, tensor),
        "ReLU" => Modules.ReLU(),
        "ReLU6" => Modules.ReLU6(),
        "LeakyReLU" => Modules.LeakyReLU(arguments.Float("negative_slope")),
        "Sigmoid" => Modules.Sigmoid(),
        "Tanh" => Modules.Tanh(),
        "Hardswish" => Modules.Hardswish(),
        "MaxPool2d" => Modules.MaxPool2d(Pooling(arguments)),
        "AvgPool2d" => Modules.AvgPool2d(Pooling(arguments)),
        "Upsample" => Modules.Upsample(Upsampling(arguments)),
        "Crop" => Modules.Crop(new CropSpec(arguments.Int("left"), arguments.Int("right"), arguments.Int("top"), arguments.Int("bottom"))),
        "Pad" => Modules.Pad(new PadSpec(
            arguments.Int("left"),
            arguments.Int("right"),
            arguments.Int("top"),
            arguments.Int("bottom"),
            arguments.Enum<PadMode>("mode"),
            arguments.Float("value"))),
        "Flatten" => Modules.Flatten(),
        BinaryModule.AddType => Modules.Add(arguments.Bool("relu")),
        BinaryModule.MulType => Modules.Mul(arguments.Bool("relu")),
        CatModule.TypeName => Modules.Cat(arguments.Int("axis"), arguments.Bool("shares")),
        StubModule.QuantizeType => Modules.QuantStub(),
        StubModule.DequantizeType => Modules.DeQuantStub(),
        _ => Function(type, arguments, tensor) ?? throw new InvalidDataException($"This version knows no layers of the type {SafetensorsFile.Quote(type)}."),
    };

    private static WeightedModule Weighted(string type, ModuleArguments arguments, bool isQuantized, Func<string, int[], SafetensorsTensor> tensor, LayerFactory? kernel)
    {
        bool isLinear = type == WeightedModule.LinearType;
        var spec = new ConvolutionSpec
        {
            Kind = isLinear || type == "Conv2d" ? ConvolutionKind.Conv2d : ConvolutionKind.ConvTranspose2d,
            InChannels = arguments.Int("in_channels"),
            OutChannels = arguments.Int("out_channels"),
            KernelHeight = arguments.Int("kernel_height"),
            KernelWidth = arguments.Int("kernel_width"),
            StrideHeight = arguments.Int("stride_height"),
            StrideWidth = arguments.Int("stride_width"),
            PaddingHeight = arguments.Int("padding_height"),
            PaddingWidth = arguments.Int("padding_width"),
            OutputPaddingHeight = arguments.Int("output_padding_height"),
            OutputPaddingWidth = arguments.Int("output_padding_width"),
            DilationHeight = arguments.Int("dilation_height"),
            DilationWidth = arguments.Int("dilation_width"),
            Groups = arguments.Int("groups"),
            HasBias = arguments.Bool("bias"),
            Activation = arguments.Enum<Activation>("activation"),
            NegativeSlope = arguments.Float("negative_slope"),
            Epilogue = Epilogue(arguments),
        };
        ConvolutionChecks.Check(spec, spec.WeightShape);
        if (isLinear && spec with { Epilogue = EpilogueSpec.None } != ConvolutionSpecs.Linear(spec.InChannels, spec.OutChannels, spec.HasBias, spec.Activation))
        {
            throw new InvalidDataException("A Linear has a kernel of one tap and nothing else of a convolution.");
        }

        if (kernel is not null && SpecText.Of(kernel.Spec) != SpecText.Of(spec))
        {
            throw new InvalidDataException($"The generated layer {kernel.Name} is a {SpecText.Of(kernel.Spec)}, but the file has a {SpecText.Of(spec)}: annotate the class like the saved layer.");
        }

        bool hasChannelScales = arguments.Values.ContainsKey(EpilogueTensors.HasChannelScales) && arguments.Bool(EpilogueTensors.HasChannelScales);
        if (hasChannelScales && spec.Epilogue.IsNone)
        {
            throw new InvalidDataException("Scales of channels belong to a layer with functions in its epilogue: elsewhere they are part of the weights.");
        }

        return new WeightedModule(spec, isQuantized ? null : Weights(spec, tensor), isLinear, kernel)
        {
            Steps = EpilogueTensors.Read(spec.Epilogue, spec.OutChannels, tensor),
            ChannelScales = hasChannelScales ? EpilogueTensors.ReadChannelScales(spec.OutChannels, tensor) : [],
        };
    }

    private static EpilogueSpec Epilogue(ModuleArguments arguments)
    {
        try
        {
            return arguments.Values.TryGetValue("epilogue", out string? text) ? EpilogueSpec.Parse(text) : EpilogueSpec.None;
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    private static LayerWeights Weights(ConvolutionSpec spec, Func<string, int[], SafetensorsTensor> tensor)
    {
        Shape4 shape = spec.WeightShape;
        FloatWeight weight = tensor("weight", [shape.N, shape.C, shape.H, shape.W]).ToFloatWeight();
        return new LayerWeights(weight, spec.HasBias ? Finite(tensor("bias", [spec.OutChannels])) : null);
    }

    private static Module BatchNorm(ModuleArguments arguments, Func<string, int[], SafetensorsTensor> tensor)
    {
        int[] shape = [arguments.Int("channels")];
        return Modules.BatchNorm2d(new BatchNormParameters(
            Finite(tensor("running_mean", shape)),
            Finite(tensor("running_var", shape)),
            Finite(tensor("weight", shape)),
            Finite(tensor("bias", shape)),
            arguments.Float("eps")));
    }

    /// <summary>The numbers of a tensor, all finite.</summary>
    internal static float[] Finite(SafetensorsTensor tensor)
    {
        float[] values = tensor.ToSingles();
        return Array.TrueForAll(values, float.IsFinite)
            ? values
            : throw new InvalidDataException($"The tensor {tensor} holds NaN or infinity; its numbers must be finite.");
    }

    private static PoolingSpec Pooling(ModuleArguments arguments) => new(kernel: 1)
    {
        KernelHeight = arguments.Int("kernel_height"),
        KernelWidth = arguments.Int("kernel_width"),
        StrideHeight = arguments.Int("stride_height"),
        StrideWidth = arguments.Int("stride_width"),
        PaddingHeight = arguments.Int("padding_height"),
        PaddingWidth = arguments.Int("padding_width"),
        DilationHeight = arguments.Int("dilation_height"),
        DilationWidth = arguments.Int("dilation_width"),
        CeilMode = arguments.Bool("ceil_mode"),
        CountIncludePad = arguments.Bool("count_include_pad"),
        DivisorOverride = arguments.Int("divisor_override"),
    };
}
