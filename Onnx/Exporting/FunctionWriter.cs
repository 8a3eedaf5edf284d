using System;
using Kernels.Layers;
using Kernels.Models.Nodes;

namespace Kernels.Onnx.Exporting;

/// <summary>Functions of one input: activations, arithmetic with constants, norms.</summary>
internal static class FunctionWriter
{
    /// <summary>Writes a function.</summary>
    /// <returns>Its output; null where the layer is none.</returns>
    public static string? Write(GraphWriter graph, string name, UnaryModule module, string x)
    {
        ModuleArguments arguments = module.Arguments();
        return module.Type switch
        {
            "LeakyReLU" => graph.Add("LeakyRelu", name, [x], GraphWriter.Attribute("alpha", arguments.Float("negative_slope"))),
            "Sigmoid" => graph.Add("Sigmoid", name, [x]),
            "Tanh" => graph.Add("Tanh", name, [x]),
            "Hardswish" => graph.Add("HardSwish", name, [x]),
            "Hardsigmoid" => HardSigmoid(graph, name, x),
            "PReLU" => graph.Add("PRelu", name, [x, graph.Channels(name + ".slope", Tensor(module, "weight"))]),
            "SiLU" => graph.Add("Mul", name, [x, graph.Add("Sigmoid", name + ".sigmoid", [x])]),
            "GELU" => Gelu(graph, name, x, arguments.Enum<GeluApproximation>("approximate")),
            "ELU" => graph.Add("Elu", name, [x], GraphWriter.Attribute("alpha", arguments.Float("alpha"))),
            "Mish" => graph.Add("Mish", name, [x]),
            "Softplus" => Softplus(graph, name, x, arguments.Float("beta"), arguments.Float("threshold")),
            "Softmax" => graph.Add("Softmax", name, [x], GraphWriter.Attribute("axis", arguments.Int("axis"))),
            "Pow" => graph.Add("Pow", name, [x, graph.Scalar(name + ".exponent", arguments.Float("exponent"))]),
            "Affine" => Affine(graph, name, x, Tensor(module, "weight"), Tensor(module, "bias")),
            "InstanceNorm2d" => graph.Add("InstanceNormalization", name, [x, Vector(graph, name, module, "weight"), Vector(graph, name, module, "bias")], GraphWriter.Attribute("epsilon", arguments.Float("eps"))),
            "LayerNorm" => LayerNorm(graph, name, module, x, arguments.Float("eps")),
            "GroupNorm" => GroupNorm(graph, name, module, x, arguments.Int("num_groups"), arguments.Float("eps")),
            _ => null,
        };
    }

    public static string Clip(GraphWriter graph, string name, string x, float lower, float upper) =>
        graph.Add("Clip", name, [x, float.IsFinite(lower) ? graph.Scalar(name + ".lower", lower) : "", float.IsFinite(upper) ? graph.Scalar(name + ".upper", upper) : ""]);

    public static string HardSigmoid(GraphWriter graph, string name, string x) =>
        graph.Add("HardSigmoid", name, [x], GraphWriter.Attribute("alpha", 1f / 6), GraphWriter.Attribute("beta", 0.5f));

    public static string Affine(GraphWriter graph, string name, string x, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift)
    {
        string product = IsAll(scale, 1) ? x : graph.Add("Mul", name + ".product", [x, graph.Channels(name + ".scale", scale)]);
        return IsAll(shift, 0) && product != x ? product : graph.Add("Add", name + ".affine", [product, graph.Channels(name + ".shift", shift)]);
    }

    private static bool IsAll(ReadOnlySpan<float> values, float value) => !values.ContainsAnyExcept(value);

    private static string Gelu(GraphWriter graph, string name, string x, GeluApproximation approximation)
    {
        string half = graph.Scalar("half", 0.5f);
        string one = graph.Scalar("one", 1f);
        string inner;
        if (approximation == GeluApproximation.None)
        {
            inner = graph.Add("Erf", name + ".erf", [graph.Add("Div", name + ".scaled", [x, graph.Scalar("root_2", MathF.Sqrt(2))])]);
        }
        else
        {
            string cube = graph.Add("Mul", name + ".cube", [graph.Add("Pow", name + ".power", [x, graph.Scalar("three", 3f)]), graph.Scalar("gelu_cubic", 0.044715f)]);
            string sum = graph.Add("Add", name + ".polynomial", [x, cube]);
            inner = graph.Add("Tanh", name + ".tanh", [graph.Add("Mul", name + ".scaled", [sum, graph.Scalar("root_2_over_pi", MathF.Sqrt(2 / MathF.PI))])]);
        }

        string factor = graph.Add("Add", name + ".factor", [inner, one]);
        return graph.Add("Mul", name, [graph.Add("Mul", name + ".twice", [x, factor]), half]);
    }

    private static string Softplus(GraphWriter graph, string name, string x, float beta, float threshold)
    {
        // Beyond it PyTorch gives x, which differs from the formula by less than exp(-threshold).
        const float Indifferent = 15;
        if (threshold < Indifferent)
        {
            throw new NotSupportedException($"ONNX's Softplus has no threshold, and {threshold} would be seen");
        }

        if (beta == 1)
        {
            return graph.Add("Softplus", name, [x]);
        }

        string scale = graph.Scalar(name + ".beta", beta);
        return graph.Add("Div", name, [graph.Add("Softplus", name + ".softplus", [graph.Add("Mul", name + ".scaled", [x, scale])]), scale]);
    }

    // Over the channels of every pixel: ONNX's normalizes last axes.
    private static string LayerNorm(GraphWriter graph, string name, UnaryModule module, string x, float epsilon)
    {
        string last = graph.Add("Transpose", name + ".channels_last", [x], GraphWriter.Attribute("perm", [0, 2, 3, 1]));
        string normal = graph.Add(
            "LayerNormalization",
            name + ".normalized",
            [last, Vector(graph, name, module, "weight"), Vector(graph, name, module, "bias")],
            GraphWriter.Attribute("axis", -1),
            GraphWriter.Attribute("epsilon", epsilon));
        return graph.Add("Transpose", name, [normal], GraphWriter.Attribute("perm", [0, 3, 1, 2]));
    }

    // A group as one channel, whose norm is InstanceNormalization's.
    private static string GroupNorm(GraphWriter graph, string name, UnaryModule module, string x, int groups, float epsilon)
    {
        var ones = new float[groups];
        ones.AsSpan().Fill(1);
        string grouped = graph.Add("Reshape", name + ".groups", [x, graph.Integers(name + ".groups.shape", 0, groups, -1)]);
        string normal = graph.Add(
            "InstanceNormalization",
            name + ".normalized",
            [grouped, graph.Constant<float>(name + ".ones", Graphs.ElementType.Float, [groups], ones), graph.Constant<float>(name + ".zeros", Graphs.ElementType.Float, [groups], new float[groups])],
            GraphWriter.Attribute("epsilon", epsilon));
        string image = graph.Add("Reshape", name + ".image", [normal, graph.Add("Shape", name + ".shape", [x])]);
        return Affine(graph, name, image, Tensor(module, "weight"), Tensor(module, "bias"));
    }

    private static string Vector(GraphWriter graph, string name, UnaryModule module, string tensor)
    {
        float[] values = Tensor(module, tensor);
        return graph.Constant<float>($"{name}.{tensor}", Graphs.ElementType.Float, [values.Length], values);
    }

    private static float[] Tensor(UnaryModule module, string name) => Array.Find(module.Tensors, tensor => tensor.Name == name).Values;
}
