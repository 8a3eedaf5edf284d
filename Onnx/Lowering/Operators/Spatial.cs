using Kernels.Layers;

namespace Kernels.Onnx.Lowering.Operators;

/// <summary>What operators on images share.</summary>
internal static class Spatial
{
    /// <summary>An input that is an image or a sequence: [N, C, H, W] or [N, C, L].</summary>
    public static Term Image(Call call, int index)
    {
        Term x = call.Input(index);
        call.Require(x.Rank is 3 or 4, x.Rank == 5 ? "it has 3 spatial dimensions; 1 and 2 are supported" : $"its input has {x.Rank} dimensions instead of 3 or 4");
        return call.Default(index);
    }

    /// <summary>Adds a step whose output has another size, with as many dimensions as its input.</summary>
    public static Term Add(Call call, Operation operation, Term x, Shape4 to, string suffix = "")
    {
        int[] shape = x.Rank == 3 ? [to.N, to.C, to.W] : [to.N, to.C, to.H, to.W];
        return call.Context.Add(call.Node.Name + suffix, call.Node, operation, shape, Term.DefaultAxes(x.Rank), x);
    }

    /// <summary>Adds rows and columns.</summary>
    public static Term Pad(Call call, Term x, Margins pads, PadMode mode = PadMode.Constant, float value = 0f)
    {
        var spec = new PadSpec(pads.Left, pads.Right, pads.Top, pads.Bottom, mode, value);
        return Add(call, Operations.Pad(spec), x, spec.OutputShape(x.Physical), "_pad");
    }

    /// <summary>Cuts rows and columns off.</summary>
    public static Term Crop(Call call, Term x, Margins margins)
    {
        var spec = new CropSpec(margins.Left, margins.Right, margins.Top, margins.Bottom);
        return Add(call, Operations.Crop(spec), x, spec.OutputShape(x.Physical), "_crop");
    }
}
