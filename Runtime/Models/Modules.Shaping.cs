using System;
using Kernels.Layers;
using Kernels.Models.Balancing;
using Kernels.Models.Nodes;

namespace Kernels.Models;

/// <content>What moves pixels and channels.</content>
public static partial class Modules
{
    /// <summary>Nearest or bilinear upsampling.</summary>
    /// <param name="spec">Mode and output size.</param>
    /// <returns>The layer.</returns>
    public static Module Upsample(UpsampleSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ModuleArguments arguments = new ModuleArguments()
            .With("mode", spec.Mode)
            .With("height", spec.Height)
            .With("width", spec.Width)
            .With("scale_height", spec.ScaleHeight)
            .With("scale_width", spec.ScaleWidth)
            .With("coordinates", spec.Coordinates)
            .With("rounding", spec.Rounding);
        return new SharingModule("Upsample", arguments, new FloatUpsample(spec), q => new QuantizedUpsample(spec, q)) { Ties = ChannelTieRules.Same };
    }

    /// <summary>Rows and columns cut off: PyTorch's <c>F.pad</c> with negative numbers.</summary>
    /// <param name="spec">How many on each side.</param>
    /// <returns>The layer.</returns>
    public static Module Crop(CropSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new SharingModule("Crop", Margins(spec.Left, spec.Right, spec.Top, spec.Bottom), new FloatCrop(spec), q => new QuantizedCrop(spec, q)) { Ties = ChannelTieRules.Same };
    }

    /// <summary>Rows and columns added.</summary>
    /// <param name="spec">How many on each side, and what they hold.</param>
    /// <returns>The layer.</returns>
    public static Module Pad(PadSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ModuleArguments arguments = Margins(spec.Left, spec.Right, spec.Top, spec.Bottom).With("mode", spec.Mode).With("value", spec.Value);
        return new SharingModule("Pad", arguments, new FloatPad(spec), q => new QuantizedPad(spec, q)) { Ties = spec.Value == 0 ? ChannelTieRules.Same : null };
    }

    /// <summary>Every image as one row of features, before a <see cref="Linear"/>: PyTorch's <c>torch.flatten(x, 1)</c>.</summary>
    /// <returns>The layer.</returns>
    public static Module Flatten() => new SharingModule("Flatten", new(), new FloatFlatten(), static q => new QuantizedFlatten(q)) { Flattens = true };

    /// <summary>Concatenation of any number of inputs.</summary>
    /// <param name="axis">0 batch, 1 channels, 2 rows, 3 columns; negative counts from the end.</param>
    /// <param name="sharesQuantization">
    /// Whether inputs and output have one observer and so one scale, as in PyTorch, which makes it a copy. Otherwise each input keeps
    /// its own scale and is requantized by a table, which is more accurate when their ranges differ much.
    /// </param>
    /// <returns>The layer.</returns>
    public static Module Cat(int axis = 1, bool sharesQuantization = true) => new CatModule(axis, sharesQuantization);

    /// <summary>A part along one axis; PyTorch's split and chunk are one for each part.</summary>
    /// <param name="spec">Which part.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">The axis does not exist, or the step is below 1.</exception>
    public static Module Slice(SliceSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        int axis = Concatenation.Axis(spec.Axis);
        ArgumentOutOfRangeException.ThrowIfLessThan(spec.Step, 1);
        ModuleArguments arguments = new ModuleArguments().With("axis", axis).With("start", spec.Start).With("end", spec.End).With("step", spec.Step);
        return new SharingModule("Slice", arguments, new FloatSlice(spec), q => new QuantizedSlice(spec, q))
        {
            Channels = channels => axis == 1 ? spec.Range(channels).Count : channels,
            Ties = axis == 1 ? (ties, input, output) => ChannelTieRules.Slice(ties, input, spec.Range(ties.Channels(input)).First, spec.Step, output) : ChannelTieRules.Same,
        };
    }

    /// <summary>Channels to pixels.</summary>
    /// <param name="spec">PyTorch's upscale_factor, and the order of channels.</param>
    /// <returns>The layer.</returns>
    public static Module PixelShuffle(PixelShuffleSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new SharingModule("PixelShuffle", Factor(spec), new FloatPixelShuffle(spec), q => new QuantizedPixelShuffle(spec, q)) { Channels = spec.LargeChannels, Ties = (ties, input, output) => ChannelTieRules.Shuffle(ties, input, spec, output) };
    }

    /// <summary>Pixels to channels.</summary>
    /// <param name="spec">PyTorch's downscale_factor, and the order of channels.</param>
    /// <returns>The layer.</returns>
    public static Module PixelUnshuffle(PixelShuffleSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new SharingModule("PixelUnshuffle", Factor(spec), new FloatPixelUnshuffle(spec), q => new QuantizedPixelUnshuffle(spec, q)) { Channels = spec.SmallChannels };
    }

    /// <summary>The elements of every image, in PyTorch's order c, h, w, under another shape.</summary>
    /// <param name="spec">The shape.</param>
    /// <returns>The layer.</returns>
    public static Module Reshape(ReshapeSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ModuleArguments arguments = new ModuleArguments().With("channels", spec.Channels).With("height", spec.Height).With("width", spec.Width);
        return new SharingModule("Reshape", arguments, new FloatReshape(spec), q => new QuantizedReshape(spec, q)) { Flattens = spec.Channels == -1, Channels = _ => spec.Channels };
    }

    private static ModuleArguments Factor(PixelShuffleSpec spec) => new ModuleArguments().With("factor", spec.Factor).With("pixels_first", spec.PixelsFirst);

    private static ModuleArguments Margins(int left, int right, int top, int bottom) =>
        new ModuleArguments().With("left", left).With("right", right).With("top", top).With("bottom", bottom);
}
