using Kernels.Bench.Timing;
using Kernels.Layers;

namespace Kernels.Bench.Subjects;

/// <summary>This library's float32 layer.</summary>
internal sealed class FloatContestant : Contestant
{
    private readonly FloatConvolution _layer;
    private readonly LayerData _data;
    private readonly float[] _input;
    private readonly float[] _output;

    /// <summary>Makes it.</summary>
    /// <param name="data">Its data.</param>
    public FloatContestant(LayerData data)
    {
        _layer = new FloatConvolution(data.Row.Spec, new FloatWeight(data.Row.Spec.WeightShape, data.RealWeight), data.RealBias);
        _data = data;
        _input = data.RealInput;
        _output = new float[data.Row.Output.Count];
    }

    /// <inheritdoc/>
    public override string Name => "float";

    /// <inheritdoc/>
    public override bool IsManaged => true;

    /// <inheritdoc/>
    public override void Run() => _layer.Run(_input, 1, _data.Row.Height, _data.Row.Width, _output);

    /// <inheritdoc/>
    public override byte[] OutputCodes() => _data.ToCodes(_output);
}
