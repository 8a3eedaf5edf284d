using Kernels.Models.Nodes;

namespace Kernels.Onnx.Lowering;

/// <summary>
/// Lets int8 layers with weights end with the ReLU or ReLU6 behind them, where nothing else reads between and both have one scale: then the bounds of codes do it, and
/// no code changes.
/// </summary>
internal static class ReluFolding
{
    /// <summary>The network with fewer steps.</summary>
    public static ImportedNetwork Run(ImportedNetwork network) => StepFolding.Run(
        network,
        static (layer, step) => step.Parameters is not null && step.Parameters == layer.Parameters ? Fold(layer.Operation, step.Operation.Function) : null);

    private static Operation? Fold(Operation layer, string function)
    {
        Activation activation = function switch
        {
            "ReLU" => Activation.Relu,
            "ReLU6" => Activation.Relu6,
            _ => Activation.None,
        };
        if (activation == Activation.None || layer is not { Spec: { Activation: Activation.None } spec, Weights: { } weights, WeightScales: not null })
        {
            return null;
        }

        spec = spec with { Activation = activation };
        bool isLinear = layer.Function == WeightedModule.LinearType;
        return layer with { Spec = spec, Create = () => new WeightedModule(spec, weights, isLinear) };
    }
}
