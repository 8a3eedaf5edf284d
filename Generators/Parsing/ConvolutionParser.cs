using System;
using Kernels.Generators.Diagnostics;
using Kernels.Generators.Specs;
using static Kernels.Generators.Parsing.ArgumentChecks;

namespace Kernels.Generators.Parsing;

/// <summary>The arguments of a convolution's attribute to its spec. Defaults are those of the attribute.</summary>
internal sealed class ConvolutionParser
{
    private readonly AttributeArguments _arguments;
    private readonly ArgumentChecks _checks;
    private readonly bool _transposed;

    // Whether images are rows, as in PyTorch's Conv1d: the one axis is horizontal.
    private readonly bool _isRow;

    private ConvolutionParser(AttributeArguments arguments, LayerKind kind, bool isRow, DiagnosticBag diagnostics)
    {
        _isRow = isRow;
        _arguments = arguments;
        _checks = new ArgumentChecks(arguments, diagnostics);
        _transposed = kind == LayerKind.ConvTranspose2d;
    }

    /// <summary>The spec, or nothing when a number is wrong: then a diagnostic says which.</summary>
    /// <param name="arguments">The attribute's arguments.</param>
    /// <param name="kind">The layer.</param>
    /// <param name="isRow">Whether images are rows, as in PyTorch's Conv1d.</param>
    /// <param name="diagnostics">Receives what is wrong.</param>
    public static LayerSpec? Parse(AttributeArguments arguments, LayerKind kind, bool isRow, DiagnosticBag diagnostics) =>
        new ConvolutionParser(arguments, kind, isRow, diagnostics).Parse(kind);

    private LayerSpec? Parse(LayerKind kind)
    {
        bool valid = CheckNumbers() & _checks.Epilogue();
        if (!valid)
        {
            return null;
        }

        var spec = new LayerSpec(
            kind,
            _arguments.Get("InChannels", 0),
            _arguments.Get("OutChannels", 0),
            Axis("Height"),
            Axis("Width"),
            _arguments.Get("Groups", 1),
            _arguments.Get("Bias", true),
            (ActivationKind)_arguments.Get("Activation", 0),
            _checks.EffectiveSlope(),
            _arguments.Get("WeightScheme", 0) == 0);

        // Not a short circuit: every argument that is wrong is named at once.
        valid = CheckGroups(spec) & CheckAxis(spec.Vertical, "Height") & CheckAxis(spec.Horizontal, "Width");
        if (!valid || !CheckSize(spec) || !CheckAccumulator(spec))
        {
            return null;
        }

        RemarkOnPattern(spec.Vertical, "Height");
        RemarkOnPattern(spec.Horizontal, "Width");
        return spec;
    }

    /// <summary>Says that output phases with different numbers of taps show (Odena et al., "Deconvolution and Checkerboard Artifacts", 2016).</summary>
    private void RemarkOnPattern(AxisSpec axis, string name)
    {
        if (_transposed && axis.Dilation == 1 && axis.Kernel % axis.Stride != 0)
        {
            int even = (axis.Kernel / axis.Stride + 1) * axis.Stride;
            _checks.Report(Descriptors.Checkerboard, _arguments.LocationOf(Given("Kernel", name)), Text(axis.Kernel), Text(axis.Stride), Text(even));
        }
    }

    private bool CheckNumbers() =>
        _checks.Required("InChannels", Limits.Channels)
        & _checks.Required("OutChannels", Limits.Channels)
        & CheckKernel()
        & CheckSpatial("Stride", 1, Limits.Spatial)
        & CheckSpatial("Padding", 0, _transposed ? int.MaxValue : Limits.Padding)
        & CheckSpatial("Dilation", 1, Limits.Spatial)
        & CheckSpatial("OutputPadding", 0, int.MaxValue)
        & _checks.Range("InputHeight", 0, Limits.InputSize)
        & _checks.Range("InputWidth", 0, Limits.InputSize)
        & _checks.Range("InputLength", 0, Limits.InputSize)
        & _checks.Range("Groups", 1, Limits.Channels);

    private bool CheckKernel()
    {
        bool valid = CheckSpatial("Kernel", 1, Limits.Spatial);
        if (_arguments.IsGiven("Kernel"))
        {
            return valid;
        }

        bool hasHeight = _arguments.IsGiven("KernelHeight");
        bool hasWidth = _arguments.IsGiven("KernelWidth");
        if (hasHeight && hasWidth)
        {
            return valid;
        }

        string missing = hasHeight ? "'KernelWidth' or 'Kernel'" : hasWidth ? "'KernelHeight' or 'Kernel'" : "'Kernel'";
        return _checks.Report(Descriptors.MissingNumber, _arguments.LocationOf("Kernel"), missing);
    }

    private bool CheckSpatial(string name, int min, int max) =>
        _checks.Range(name, min, max) & _checks.Range(name + "Height", min, max) & _checks.Range(name + "Width", min, max);

    private AxisSpec Axis(string axis) => _isRow && axis == "Height" ? new AxisSpec(1, 1, 0, 0, 1) : new AxisSpec(
        Spatial("Kernel", axis, 0),
        Spatial("Stride", axis, 1),
        Spatial("Padding", axis, 0),
        Spatial("OutputPadding", axis, 0),
        Spatial("Dilation", axis, 1),
        _arguments.Get(InputSize(axis), 0));

    private string InputSize(string axis) => _isRow ? "InputLength" : "Input" + axis;

    private int Spatial(string name, string axis, int missing) => _arguments.Get(Given(name, axis), missing);

    /// <summary>The argument that sets an axis.</summary>
    private string Given(string name, string axis) => _arguments.IsGiven(name + axis) ? name + axis : name;

    private bool CheckGroups(LayerSpec spec) =>
        CheckDivisible("InChannels", spec.InChannels, spec.Groups) & CheckDivisible("OutChannels", spec.OutChannels, spec.Groups);

    private bool CheckDivisible(string name, int channels, int groups) =>
        channels % groups == 0
        || _checks.Report(Descriptors.ChannelsNotDivisible, _arguments.LocationOf("Groups"), name, Text(channels), Text(groups));

    private bool CheckAxis(AxisSpec axis, string name) => CheckOutputPadding(axis, name) && CheckOutputSize(axis, name);

    private bool CheckOutputPadding(AxisSpec axis, string name)
    {
        string argument = Given("OutputPadding", name);
        return axis.HasValidOutputPadding(_transposed)
            || _checks.Report(Descriptors.OutputPaddingTooLarge, _arguments.LocationOf(argument), argument, Text(axis.OutputPadding), Text(axis.Stride), Text(axis.Dilation));
    }

    /// <summary>
    /// Both output sizes grow with the input, so the known input decides, or else the largest. A Conv2d lacks an output when its kernel, spread by the
    /// dilation, is larger than the padded input; a transposed one when its padding cuts off everything.
    /// </summary>
    private bool CheckOutputSize(AxisSpec axis, string name)
    {
        int largest = axis.InputSize > 0 ? axis.InputSize : Limits.InputSize;
        if (axis.OutputSize(_transposed, largest) > 0)
        {
            return true;
        }

        string argument = axis.InputSize > 0 ? InputSize(name) : Given(_transposed ? "Padding" : axis.Dilation > 1 ? "Dilation" : "Kernel", name);
        int value = _arguments.Get(argument, 0);
        return _checks.Report(Descriptors.NoOutput, _arguments.LocationOf(argument), argument, Text(value), Text(largest));
    }

    private bool CheckSize(LayerSpec spec)
    {
        long taps = (long)spec.Vertical.Kernel * spec.Horizontal.Kernel;
        long phases = _transposed ? (long)spec.Vertical.Stride * spec.Horizontal.Stride : 1;
        long weights = (long)spec.OutChannels * spec.GroupInputs * Math.Min(taps, Limits.Taps);
        return _checks.Count("taps", taps, Limits.Taps)
            & _checks.Count("output phases", phases, Limits.Phases)
            & _checks.Count("weights", weights, Limits.Elements)
            & _checks.Count("input codes", Codes(spec, spec.InChannels, static axis => axis.InputSize), Limits.Elements)
            & _checks.Count("output codes", Codes(spec, spec.OutChannels, axis => axis.OutputSize(_transposed, axis.InputSize)), Limits.Elements);
    }

    /// <summary>Codes of an image as far as its size is known; no span holds more than <see cref="int.MaxValue"/>.</summary>
    private static long Codes(LayerSpec spec, int channels, Func<AxisSpec, long> size)
    {
        double codes = (double)channels * Known(spec.Vertical) * Known(spec.Horizontal);
        return (long)Math.Min(codes, long.MaxValue / 2);

        long Known(AxisSpec axis) => axis.InputSize > 0 ? size(axis) : 1;
    }

    private bool CheckAccumulator(LayerSpec spec) =>
        _checks.Accumulator((long)spec.GroupInputs * spec.Vertical.FullestPhase(_transposed) * spec.Horizontal.FullestPhase(_transposed));
}
