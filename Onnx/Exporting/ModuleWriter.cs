using System;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Models.Nodes;
using Kernels.Onnx.Graphs;

namespace Kernels.Onnx.Exporting;

/// <summary>Layers without weights of their own: what they compute, in float, as ONNX nodes.</summary>
/// <param name="graph">Receives the nodes.</param>
internal sealed class ModuleWriter(GraphWriter graph)
{
    /// <summary>Writes a layer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="module">What it computes.</param>
    /// <param name="inputs">What it reads.</param>
    /// <returns>Its output.</returns>
    /// <exception cref="NotSupportedException">ONNX cannot say it; the message is the reason.</exception>
    public string Write(string name, Module module, string[] inputs) => module switch
    {
        BinaryModule binary => Relu(name, binary.HasRelu, graph.Add(binary.Function.ToString(), name, inputs)),
        CatModule cat => graph.Add("Concat", name, inputs, GraphWriter.Attribute("axis", cat.Layer.Axis)),
        MatMulModule => graph.Add("MatMul", name, inputs),
        ConstantModule constant => Constant(name, constant.Layer.Value),
        BatchNormModule { Parameters: var p } => graph.Add(
            "BatchNormalization",
            name,
            [inputs[0], Vector(name + ".weight", p.Weight), Vector(name + ".bias", p.Bias), Vector(name + ".running_mean", p.Mean), Vector(name + ".running_var", p.Variance)],
            GraphWriter.Attribute("epsilon", p.Epsilon)),
        UnaryModule unary => FunctionWriter.Write(graph, name, unary, inputs[0]) ?? throw Unknown(module),
        SharingModule sharing => Write(name, sharing, inputs[0]),
        _ => throw Unknown(module),
    };

    private string Write(string name, SharingModule module, string x) => module.Layer switch
    {
        FloatRelu => graph.Add("Relu", name, [x]),
        FloatRelu6 => FunctionWriter.Clip(graph, name, x, 0, 6),
        FloatHardtanh clip => FunctionWriter.Clip(graph, name, x, clip.MinVal, clip.MaxVal),
        FloatMaxPool2d pool => Pool("MaxPool", name, x, pool.Spec),
        FloatAvgPool2d pool => Pool("AveragePool", name, x, pool.Spec),
        FloatGlobalAvgPool2d => graph.Add("GlobalAveragePool", name, [x]),
        FloatAdaptiveAvgPool2d pool => AdaptivePool(name, x, pool.Spec),
        FloatMean mean => Mean(name, x, mean.Spec.Channels, mean.Spec.Rows, mean.Spec.Columns),
        FloatUpsample upsample => Resize(name, x, upsample.Spec),
        FloatCrop { Spec: var s } => Slice(name, x, [s.Top, s.Left], [End(s.Bottom), End(s.Right)], [2, 3], [1, 1]),
        FloatSlice { Spec: var s } => Slice(name, x, [s.Start], [s.End == int.MaxValue ? long.MaxValue : s.End], [s.Axis], [s.Step]),
        FloatPad pad => Pad(name, x, pad.Spec),
        FloatPixelShuffle { Spec: var s } => graph.Add(
            "DepthToSpace", name, [x], GraphWriter.Attribute("blocksize", s.Factor), GraphWriter.Attribute("mode", s.PixelsFirst ? "DCR" : "CRD")),
        FloatPixelUnshuffle { Spec: var s } => Unshuffle(name, x, s),
        FloatPermute { Spec: var s } => graph.Add("Transpose", name, [x], GraphWriter.Attribute("perm", [s.Batch, s.Channels, s.Height, s.Width])),
        FloatReshape { Spec: var s } => graph.Add("Reshape", name, [x, graph.Integers(name + ".shape", 0, s.Channels, s.Height, s.Width)]),
        FloatFlatten => graph.Add("Reshape", name, [x, graph.Integers("flat_shape", 0, -1, 1, 1)]),
        _ => throw Unknown(module),
    };

    private static NotSupportedException Unknown(Module module) => new($"there is no ONNX form of the type {module.Type}");

    private string Relu(string name, bool hasRelu, string x) => hasRelu ? graph.Add("Relu", name + ".relu", [x]) : x;

    private string Vector(string name, ReadOnlySpan<float> values) => graph.Constant(name, ElementType.Float, [values.Length], values);

    private string Constant(string name, FloatTensor value)
    {
        Shape4 s = value.Shape;
        return graph.Constant<float>(name, ElementType.Float, [s.N, s.C, s.H, s.W], value.ToNchw());
    }

    private string Pool(string operation, string name, string x, PoolingSpec spec)
    {
        if (spec.DivisorOverride != 0)
        {
            throw new NotSupportedException("ONNX's AveragePool has no divisor of its own");
        }

        Protos.AttributeProto only = operation == "MaxPool"
            ? GraphWriter.Attribute("dilations", [spec.DilationHeight, spec.DilationWidth])
            : GraphWriter.Attribute("count_include_pad", spec.CountIncludePad ? 1 : 0);
        return graph.Add(
            operation,
            name,
            [x],
            GraphWriter.Attribute("kernel_shape", [spec.KernelHeight, spec.KernelWidth]),
            GraphWriter.Attribute("strides", [spec.StrideHeight, spec.StrideWidth]),
            GraphWriter.Attribute("pads", [spec.PaddingHeight, spec.PaddingWidth, spec.PaddingHeight, spec.PaddingWidth]),
            GraphWriter.Attribute("ceil_mode", spec.CeilMode ? 1 : 0),
            only);
    }

    private string AdaptivePool(string name, string x, AdaptivePoolingSpec spec) => spec switch
    {
        { Height: null, Width: null } => graph.Add("Identity", name, [x]),
        { Height: null or 1, Width: null or 1 } => Mean(name, x, channels: false, rows: spec.Height == 1, columns: spec.Width == 1),
        _ => throw new NotSupportedException("windows of ONNX's AveragePool do not depend on the image: only one row or column, or all, can be written"),
    };

    private string Mean(string name, string x, bool channels, bool rows, bool columns)
    {
        long[] axes = [.. channels ? [1L] : (long[])[], .. rows ? [2L] : (long[])[], .. columns ? [3L] : (long[])[]];
        return graph.Add("ReduceMean", name, [x, graph.Integers(name + ".axes", axes)], GraphWriter.Attribute("keepdims", 1));
    }

    private string Resize(string name, string x, UpsampleSpec spec)
    {
        string coordinates = spec.Coordinates switch
        {
            PixelCoordinates.HalfPixel => "half_pixel",
            PixelCoordinates.HalfPixelOrZero => "pytorch_half_pixel",
            PixelCoordinates.AlignCorners => "align_corners",
            PixelCoordinates.HalfPixelSymmetric => "half_pixel_symmetric",
            _ => "asymmetric",
        };
        string rounding = spec.Rounding switch
        {
            NearestRounding.Floor => "floor",
            NearestRounding.Ceil => "ceil",
            NearestRounding.RoundPreferFloor => "round_prefer_floor",
            _ => "round_prefer_ceil",
        };

        // For all four axes: ONNX Runtime, which moves axes of its own accord, forgets that `axes` says which.
        string[] size = spec.Height != 0
            ? ["", "", Sizes(name, x, spec)]
            : ["", graph.Constant<float>(name + ".scales", ElementType.Float, [4], [1, 1, (float)spec.ScaleHeight, (float)spec.ScaleWidth])];
        return graph.Add(
            "Resize",
            name,
            [x, .. size],
            GraphWriter.Attribute("mode", spec.IsNearest ? "nearest" : "linear"),
            GraphWriter.Attribute("coordinate_transformation_mode", coordinates),
            GraphWriter.Attribute("nearest_mode", rounding));
    }

    private string Sizes(string name, string x, UpsampleSpec spec)
    {
        string shape = graph.Add("Shape", name + ".shape", [x], GraphWriter.Attribute("end", 2));
        return graph.Add("Concat", name + ".sizes", [shape, graph.Integers(name + ".size", spec.Height, spec.Width)], GraphWriter.Attribute("axis", 0));
    }

    private static long End(int cut) => cut == 0 ? long.MaxValue : -cut;

    private string Slice(string name, string x, long[] starts, long[] ends, long[] axes, long[] steps) => graph.Add(
        "Slice",
        name,
        [x, graph.Integers(name + ".starts", starts), graph.Integers(name + ".ends", ends), graph.Integers(name + ".axes", axes), graph.Integers(name + ".steps", steps)]);

    private string Pad(string name, string x, PadSpec spec)
    {
        string mode = spec.Mode switch
        {
            PadMode.Constant => "constant",
            PadMode.Reflect => "reflect",
            PadMode.Replicate => "edge",
            _ => throw new NotSupportedException("circular padding came to ONNX with operator set 19"),
        };
        string pads = graph.Integers(name + ".pads", 0, 0, spec.Top, spec.Left, 0, 0, spec.Bottom, spec.Right);
        return graph.Add("Pad", name, spec.Mode == PadMode.Constant ? [x, pads, graph.Scalar(name + ".value", spec.Value)] : [x, pads], GraphWriter.Attribute("mode", mode));
    }

    // ONNX puts the pixels of a block first, PyTorch the channels.
    private string Unshuffle(string name, string x, PixelShuffleSpec spec)
    {
        string blocks = graph.Add("SpaceToDepth", spec.PixelsFirst ? name : name + ".blocks", [x], GraphWriter.Attribute("blocksize", spec.Factor));
        if (spec.PixelsFirst)
        {
            return blocks;
        }

        string last = graph.Add("Transpose", name + ".channels_last", [blocks], GraphWriter.Attribute("perm", [0, 2, 3, 1]));
        string apart = graph.Add("Reshape", name + ".apart", [last, graph.Integers(name + ".apart.shape", 0, 0, 0, spec.Factor * spec.Factor, -1)]);
        string first = graph.Add("Transpose", name + ".channels_first", [apart], GraphWriter.Attribute("perm", [0, 4, 3, 1, 2]));
        return graph.Add("Reshape", name, [first, graph.Add("Shape", name + ".shape", [blocks])]);
    }
}
