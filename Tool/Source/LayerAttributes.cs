using System.Collections.Generic;
using System.Linq;
using Kernels.Onnx.Lowering;

namespace Kernels.Tool.Source;

/// <summary>Attributes of layers, with what has a default left out.</summary>
internal static class LayerAttributes
{
    /// <summary>The attribute of a layer with weights.</summary>
    public static string Of(Operation operation)
    {
        if (operation.Spec is not { } spec)
        {
            return WithoutKernel(operation);
        }

        var arguments = new List<string>();
        if (operation.Function == "Linear")
        {
            arguments.AddRange([$"InFeatures = {spec.InChannels}", $"OutFeatures = {spec.OutChannels}"]);
        }
        else
        {
            arguments.AddRange([$"InChannels = {spec.InChannels}", $"OutChannels = {spec.OutChannels}"]);
            Axes(arguments, "Kernel", spec.KernelHeight, spec.KernelWidth, -1);
            Axes(arguments, "Stride", spec.StrideHeight, spec.StrideWidth, 1);
            Axes(arguments, "Padding", spec.PaddingHeight, spec.PaddingWidth, 0);
            Axes(arguments, "OutputPadding", spec.OutputPaddingHeight, spec.OutputPaddingWidth, 0);
            Axes(arguments, "Dilation", spec.DilationHeight, spec.DilationWidth, 1);
            if (spec.Groups != 1)
            {
                arguments.Add($"Groups = {spec.Groups}");
            }
        }

        if (!spec.HasBias)
        {
            arguments.Add("Bias = false");
        }

        if (spec.Activation != Activation.None)
        {
            arguments.Add($"Activation = Activation.{spec.Activation}");
        }

        return $"Quantized{operation.Function}({string.Join(", ", arguments)})";
    }

    private static string WithoutKernel(Operation operation)
    {
        string[] numbers = [.. operation.Arguments
            .Where(static argument => argument is not ("batch" or "height" or "width", 1))
            .Select(static argument => $"{Names.Pascal(argument.Name)} = {(argument.Value is float number ? Expressions.Number(number) : argument.Value)}")];
        return operation.Function switch
        {
            "PReLU" when numbers is ["Channels = 1"] => "PReLU",
            "Affine" => $"ChannelAffine({numbers[0]})",
            _ => $"{operation.Function}({string.Join(", ", numbers)})",
        };
    }

    private static void Axes(List<string> arguments, string name, int height, int width, int otherwise)
    {
        if (height == width)
        {
            arguments.AddRange(Enumerable.Repeat($"{name} = {height}", height == otherwise ? 0 : 1));
            return;
        }

        arguments.AddRange([$"{name}Height = {height}", $"{name}Width = {width}"]);
    }
}
