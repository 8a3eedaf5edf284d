using Microsoft.CodeAnalysis;

namespace Kernels.Generators.Diagnostics;

/// <summary>Every diagnostic of the generator; docs/diagnostics.md has a section for each.</summary>
internal static class Descriptors
{
    public static readonly DiagnosticDescriptor NotPartial = Error(
        "KRN001", "A layer class must be partial", "'{0}' must be partial, so that generated code can be added to '{1}'");

    public static readonly DiagnosticDescriptor MissingNumber = Error(
        "KRN002", "A layer needs its sizes", "{0} is missing: set it to at least 1");

    public static readonly DiagnosticDescriptor NumberOutOfRange = Error(
        "KRN003", "A number is out of range", "'{0}' is {1}, but must be {2}");

    public static readonly DiagnosticDescriptor ChannelsNotDivisible = Error(
        "KRN004", "Channels must be divisible by groups", "'{0}' is {1}, which is not divisible by {2} groups");

    public static readonly DiagnosticDescriptor OutputPaddingTooLarge = Error(
        "KRN005", "Output padding must be smaller than stride or dilation", "'{0}' is {1}, but must be smaller than the stride, {2}, or the dilation, {3}");

    public static readonly DiagnosticDescriptor NoOutput = Error(
        "KRN006", "The output size is never positive", "With '{0}' = {1} no input of up to {2} pixels along this axis has an output");

    public static readonly DiagnosticDescriptor AccumulatorOverflow = Error(
        "KRN007", "The int32 accumulator could overflow", "An output sums up {0} products, but an int32 accumulator holds no more than {1}: use more groups, fewer channels or a smaller kernel");

    public static readonly DiagnosticDescriptor AccumulatorNeedsSymmetricWeights = Warning(
        "KRN008", "The int32 accumulator could overflow unless the weights are symmetric", "An output sums up {0} products, but with a weight zero point other than 0 an int32 accumulator holds no more than {1}: quantize the weights symmetrically");

    public static readonly DiagnosticDescriptor LayerTooLarge = Error(
        "KRN009", "The layer is too large", "The layer has {0} {1}, but must have no more than {2}");

    public static readonly DiagnosticDescriptor SlopeNotFinite = Error(
        "KRN010", "The negative slope must be finite", "'NegativeSlope' is {0}, but must be a finite number");

    public static readonly DiagnosticDescriptor UnknownName = Error(
        "KRN011", "The value has no name in its enum", "'{0}' is {1}, but must be one of the enum's named values");

    public static readonly DiagnosticDescriptor FileLocal = Error(
        "KRN012", "A file-local class cannot be a layer", "'{0}' cannot be a layer, because generated code is another file and '{1}' is a file-local type: remove 'file'");

    public static readonly DiagnosticDescriptor UnsafeNotAllowed = Error(
        "KRN013", "Generated kernels need unsafe code", "The kernel of '{0}' uses pointers: set AllowUnsafeBlocks to true in the project file");

    public static readonly DiagnosticDescriptor Checkerboard = new(
        "KRN021", "Outputs get different numbers of taps", "A kernel of {0} is no multiple of the stride {1}, so some outputs get more taps than others, which can show as a checkerboard: {2} has no such pattern, nor has an upsampling before a convolution with stride 1", Category, DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: Help("KRN021"));

    public static readonly DiagnosticDescriptor OldLanguage = Error(
        "KRN020", "Generated code needs C# 13", "Nothing is generated for '{0}': the project is compiled as C# {1}, and generated code is C# 13. Remove LangVersion from the project file, or raise it.");

    public static readonly DiagnosticDescriptor SeveralAttributes = Error(
        "KRN014", "A class can be only one layer or model", "'{0}' already has a '{1}', which generates the same members: use one class for each");

    public static readonly DiagnosticDescriptor UnsuitableClass = Error(
        "KRN015", "The class cannot be a layer or model", "'{0}' cannot be a layer or model, because {1}");

    public static readonly DiagnosticDescriptor NoLayers = Error(
        "KRN016", "A model needs layers", "'{0}' has no layers: name at least one, as in [QuantizedSequential(typeof(First))]");

    public static readonly DiagnosticDescriptor NotALayer = Error(
        "KRN017", "A model's layers must be layer classes", "'{0}' is not a layer: annotate a class with [QuantizedConv2d] or the attribute of another layer");

    public static readonly DiagnosticDescriptor ChannelsDoNotMatch = Error(
        "KRN018", "Neighbouring layers must have the same channels", "'{0}' reads {1} channels, but '{2}' before it writes {3}");

    public static readonly DiagnosticDescriptor FallsBackToLoops = new(
        "KRN019", "The kernel falls back to loops", "The kernel of '{0}' loops over its taps: {1}", Category, DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: Help("KRN019"));

    public static readonly DiagnosticDescriptor BufferTooShort = Warning(
        "KRN022", "An array is too short for the layer", "'{0}' needs {1} codes, {2}, but the array has {3}: Run will throw");

    public static readonly DiagnosticDescriptor NotCalibrated = Warning(
        "KRN023", "A model is converted before it was calibrated", "'{0}' was prepared but has seen no data: call Calibrate with typical inputs before Convert, which will throw");

    public static readonly DiagnosticDescriptor NoForward = Error(
        "KRN030", "A network needs a Forward", "'{0}' needs a method 'static Value Forward(Value x)', which says what the network computes");

    public static readonly DiagnosticDescriptor LayerMethodShape = Error(
        "KRN031", "A layer of a network is a static partial method from Value to Value", "'{0}' must be declared as 'private static partial Value {0}(Value x);', or with another accessibility");

    public static readonly DiagnosticDescriptor LayerWithoutNetwork = Error(
        "KRN032", "A method can be a layer only in a network", "'{0}' is a layer, but its class '{1}' is no network: annotate the class with [QuantizedModel], or make the layer a class");

    public static readonly DiagnosticDescriptor RunsLayerByLayer = new(
        "KRN033", "The network runs layer by layer", "The network is not compiled as a whole and runs layer by layer, because here {0}", Category, DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: Help("KRN033"));

    public static readonly DiagnosticDescriptor ShapesDoNotFit = Error(
        "KRN034", "Shapes do not fit", "'{0}' cannot take {1}: {2}");

    public static readonly DiagnosticDescriptor Recursion = Error(
        "KRN035", "A network cannot call itself", "'{0}' calls itself: a network has an end");

    public static readonly DiagnosticDescriptor NotABlock = Error(
        "KRN036", "A block must be a network or a layer", "'{0}' is neither a network nor a layer: annotate it with [QuantizedModel], or with the attribute of a layer");

    public static readonly DiagnosticDescriptor CallOfAnotherNetwork = Error(
        "KRN037", "Another network is called through a block", "'{0}' belongs to the network '{1}', which has no weights here: declare '[QuantizedBlock(typeof({1}))] private static partial Value Name(Value x);' and call that");

    public static readonly DiagnosticDescriptor InputChannelsUnknown = Error(
        "KRN038", "The channels of the input are not known", "No layer of '{0}' tells how many channels its input has: say it with InputChannels");

    private const string Category = "Kernels";

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Help(id));

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Help(id));

    private static string Help(string id) => "docs/diagnostics.md#" + id.ToLowerInvariant();
}
