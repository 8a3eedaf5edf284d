using System;
using Kernels.Layers;

namespace Kernels.Models.Nodes;

/// <content>Layers that are functions of their inputs and of a few numbers.</content>
internal static partial class ModuleReader
{
    private static Module? Function(string type, ModuleArguments arguments, Func<string, int[], SafetensorsTensor> tensor) => type switch
    {
        "Hardsigmoid" => Modules.Hardsigmoid(),
        "Hardtanh" => Modules.Hardtanh(arguments.Float("min_val"), arguments.Float("max_val")),
        "PReLU" => Modules.PReLU(Finite(tensor("weight", [arguments.Int("num_parameters")]))),
        "SiLU" => Modules.SiLU(),
        "GELU" => Modules.GELU(arguments.Enum<GeluApproximation>("approximate")),
        "ELU" => Modules.ELU(arguments.Float("alpha")),
        "Mish" => Modules.Mish(),
        "Softplus" => Modules.Softplus(arguments.Float("beta"), arguments.Float("threshold")),
        "Softmax" => Modules.Softmax(arguments.Int("axis")),
        BinaryModule.SubType => Modules.Sub(arguments.Bool("relu")),
        BinaryModule.DivType => Modules.Div(arguments.Bool("relu")),
        "Affine" => Affine([arguments.Int("channels")], tensor),
        MatMulModule.TypeName => Modules.MatMul(),
        "InstanceNorm2d" => Modules.InstanceNorm2d(Normalization(arguments, tensor)),
        "LayerNorm" => Modules.LayerNorm(Normalization(arguments, tensor)),
        "GroupNorm" => Modules.GroupNorm(arguments.Int("num_groups"), Normalization(arguments, tensor)),
        "AdaptiveAvgPool2d" => Modules.AdaptiveAvgPool2d(AdaptivePooling(arguments)),
        "Mean" => Modules.Mean(Mean(arguments)),
        "Slice" => Modules.Slice(new SliceSpec(arguments.Int("axis"), arguments.Int("start"), arguments.Int("end"), arguments.Int("step"))),
        "PixelShuffle" => Modules.PixelShuffle(Shuffling(arguments)),
        "PixelUnshuffle" => Modules.PixelUnshuffle(Shuffling(arguments)),
        "Reshape" => Modules.Reshape(new ReshapeSpec(arguments.Int("channels"), arguments.Int("height"), arguments.Int("width"))),
        _ => null,
    };

    private static Module Affine(int[] shape, Func<string, int[], SafetensorsTensor> tensor) =>
        Modules.Affine(new AffineParameters(Finite(tensor("weight", shape)), Finite(tensor("bias", shape))));

    private static NormalizationParameters Normalization(ModuleArguments arguments, Func<string, int[], SafetensorsTensor> tensor)
    {
        int channels = arguments.Int("channels");
        return new NormalizationParameters(channels, Finite(tensor("weight", [channels])), Finite(tensor("bias", [channels])), arguments.Float("eps"));
    }

    private static AdaptivePoolingSpec AdaptivePooling(ModuleArguments arguments)
    {
        // Files of before there were other sizes do not name any.
        return arguments.Has("output_height") || arguments.Has("output_width")
            ? new AdaptivePoolingSpec(Size("output_height"), Size("output_width"))
            : AdaptivePoolingSpec.Global;

        int? Size(string name) => arguments.Int(name) is not 0 and var size ? size : null;
    }

    private static MeanSpec Mean(ModuleArguments arguments)
    {
        Span<int> axes = stackalloc int[3];
        int count = 0;
        foreach ((string name, int axis) in ((string, int)[])[("channels", 1), ("rows", 2), ("columns", 3)])
        {
            if (arguments.Bool(name))
            {
                axes[count++] = axis;
            }
        }

        return new MeanSpec(axes[..count]);
    }

    private static PixelShuffleSpec Shuffling(ModuleArguments arguments) => new(arguments.Int("factor")) { PixelsFirst = arguments.Bool("pixels_first") };

    private static UpsampleSpec Upsampling(ModuleArguments arguments)
    {
        UpsampleMode mode = arguments.Enum<UpsampleMode>("mode");
        UpsampleSpec spec = arguments.Int("height") != 0
            ? UpsampleSpec.ToSize(mode, arguments.Int("height"), arguments.Int("width"))
            : UpsampleSpec.ByFactor(mode, arguments.Double("scale_height"), arguments.Double("scale_width"));

        // Files of before there were other conventions do not name any: the mode says them.
        return arguments.Has("coordinates") || arguments.Has("rounding")
            ? spec with { Coordinates = arguments.Enum<PixelCoordinates>("coordinates"), Rounding = arguments.Enum<NearestRounding>("rounding") }
            : spec;
    }
}
