using System;
using System.Collections.Generic;
using Kernels.Onnx.Lowering.Operators;

namespace Kernels.Onnx.Lowering;

/// <summary>How each operator is lowered.</summary>
internal static class OperatorTable
{
    private const string Microsoft = "com.microsoft";

    private static readonly Dictionary<(string Domain, string Operator), Func<Call, IReadOnlyList<Term>>> Table = new()
    {
        [("", "Split")] = ShapeOperators.Split,
        [("", "LayerNormalization")] = NormalizationOperators.LayerNormalization,
    };

    static OperatorTable()
    {
        Add("Conv", ConvolutionOperators.Conv);
        Add("ConvTranspose", ConvolutionOperators.ConvTranspose);
        Add("Gemm", LinearOperators.Gemm);
        Add("MatMul", LinearOperators.MatMul);
        Add("BatchNormalization", NormalizationOperators.BatchNormalization);
        Add("InstanceNormalization", NormalizationOperators.InstanceNormalization);
        Add("GroupNormalization", NormalizationOperators.GroupNormalization);
        Add("Relu", ActivationOperators.Relu);
        Add("LeakyRelu", ActivationOperators.LeakyRelu);
        Add("PRelu", ActivationOperators.PRelu);
        Add("Clip", ActivationOperators.Clip);
        Add("Sigmoid", ActivationOperators.Plain(Operations.Sigmoid));
        Add("HardSigmoid", ActivationOperators.HardSigmoid);
        Add("HardSwish", ActivationOperators.Plain(Operations.Hardswish));
        Add("Swish", ActivationOperators.Swish);
        Add("Tanh", ActivationOperators.Plain(Operations.Tanh));
        Add("Elu", ActivationOperators.Elu);
        Add("Gelu", ActivationOperators.Gelu);
        Add("Mish", ActivationOperators.Plain(Operations.Mish));
        Add("Softplus", ActivationOperators.Plain(Operations.Softplus));
        Add("Softmax", ActivationOperators.Softmax);
        Add("Sqrt", ActivationOperators.Plain(static () => Operations.Pow(0.5f)));
        Add("Erf", ActivationOperators.Plain(static () => Operations.Pending("Erf")));
        Add("Add", ArithmeticOperators.Add);
        Add("Sub", ArithmeticOperators.Sub);
        Add("Mul", ArithmeticOperators.Mul);
        Add("Div", ArithmeticOperators.Div);
        Add("Sum", ArithmeticOperators.Sum);
        Add("Mean", ArithmeticOperators.Mean);
        Add("Neg", ArithmeticOperators.Neg);
        Add("Reciprocal", ArithmeticOperators.Reciprocal);
        Add("Max", ArithmeticOperators.Bound);
        Add("Min", ArithmeticOperators.Bound);
        Add("Pow", ArithmeticOperators.Pow);
        Add("MaxPool", PoolingOperators.MaxPool);
        Add("AveragePool", PoolingOperators.AveragePool);
        Add("GlobalAveragePool", PoolingOperators.GlobalAveragePool);
        Add("GlobalMaxPool", PoolingOperators.GlobalMaxPool);
        Add("ReduceMean", PoolingOperators.ReduceMean);
        Add("Concat", ShapeOperators.Concat);
        Add("Slice", ShapeOperators.Slice);
        Add("Pad", SamplingOperators.Pad);
        Add("Resize", SamplingOperators.Resize);
        Add("Upsample", SamplingOperators.Upsample);
        Add("DepthToSpace", SamplingOperators.DepthToSpace);
        Add("SpaceToDepth", SamplingOperators.SpaceToDepth);
        Add("Transpose", ShapeOperators.Transpose);
        Add("Reshape", ShapeOperators.Reshape);
        Add("Flatten", ShapeOperators.Flatten);
        Add("Squeeze", ShapeOperators.Squeeze);
        Add("Unsqueeze", ShapeOperators.Unsqueeze);
        Add("Identity", ShapeOperators.Identity);
        Add("Dropout", ShapeOperators.Dropout);
        Add("Cast", ShapeOperators.Cast);
        Add("CastLike", ShapeOperators.Cast);
        Add("QuantizeLinear", CodeOperators.Quantize);
        Add("DequantizeLinear", CodeOperators.Dequantize);
        Add("Gelu", ActivationOperators.Gelu, Microsoft);
        Add("QuantizeLinear", CodeOperators.Quantize, Microsoft);
        Add("DequantizeLinear", CodeOperators.Dequantize, Microsoft);
    }

    /// <summary>How an operator is lowered; null when it is not supported.</summary>
    public static Func<Call, IReadOnlyList<Term>>? Find(string domain, string name) => Table.GetValueOrDefault((domain, name));

    private static void Add(string name, Func<Call, Term> lower, string domain = "") => Table.Add((domain, name), call => [lower(call)]);
}
