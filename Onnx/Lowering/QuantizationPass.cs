using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Onnx.Lowering;

/// <summary>
/// Completes the scales of a quantized file: steps that only move codes have their input's, what stands before a ReLU has the ReLU's, and where a
/// step has to keep a scale but has another one, a step behind it changes it.
/// </summary>
internal static class QuantizationPass
{
    /// <summary>Whether a step can be int8, as far as its operation says.</summary>
    public static bool CanBeInt8(Step step) => !step.Operation.Create().IsFloatOnly && (step.Operation.Weights is null || step.Operation.WeightScales is not null);

    /// <summary>Completes a network; one without scales stays as it is.</summary>
    public static ImportedNetwork Run(ImportedNetwork network)
    {
        if (!network.IsQuantized)
        {
            return network;
        }

        Step[] steps = [.. network.Steps];
        Module[] modules = [.. steps.Select(static step => step.Operation.Create())];
        QuantizationParameters?[] parameters = [network.InputParameters, .. steps.Select(static step => step.Parameters)];
        Backward(steps, modules, parameters);
        Forward(steps, modules, parameters);
        return ReluFolding.Run(Separate(network, steps, modules, parameters));
    }

    /// <summary>What is read by nothing but a step that keeps scales has that step's.</summary>
    private static void Backward(Step[] steps, Module[] modules, QuantizationParameters?[] parameters)
    {
        int[] readers = new int[parameters.Length];
        foreach (int input in steps.SelectMany(static step => step.Inputs))
        {
            readers[input]++;
        }

        for (int i = steps.Length; i > 0; i--)
        {
            if (parameters[i] is { } own && modules[i - 1].SharesQuantization)
            {
                foreach (int input in steps[i - 1].Inputs.Where(input => parameters[input] is null && readers[input] == 1))
                {
                    parameters[input] = own;
                }
            }
        }
    }

    private static void Forward(Step[] steps, Module[] modules, QuantizationParameters?[] parameters)
    {
        for (int i = 1; i <= steps.Length; i++)
        {
            if (parameters[i] is null && modules[i - 1].SharesQuantization)
            {
                parameters[i] = parameters[steps[i - 1].Inputs[0]];
            }
        }
    }

    private static ImportedNetwork Separate(ImportedNetwork network, Step[] steps, Module[] modules, QuantizationParameters?[] parameters)
    {
        var result = new List<Step>();
        var places = new int[steps.Length + 1];
        for (int i = 1; i <= steps.Length; i++)
        {
            Step step = steps[i - 1];
            QuantizationParameters? first = parameters[step.Inputs[0]];
            Step placed = step with { Inputs = Array.ConvertAll(step.Inputs, input => places[input]), Parameters = parameters[i] };
            bool differs = modules[i - 1] is { SharesQuantization: true, CanRequantize: false } && parameters[i] is { } own && step.Inputs.Any(input => parameters[input] is { } other && other != own);
            if (differs && step.Inputs.Length == 1)
            {
                result.Add(placed with { Name = step.Name + "_codes", Parameters = first });
                result.Add(new Step(step.Name, Operations.Requantize(), [result.Count], step.Shape, step.Node) { Parameters = parameters[i] });
            }
            else
            {
                result.Add(differs ? placed with { Operation = Operations.Cat(step.Operation.CatAxis, shares: false) } : placed);
            }

            places[i] = result.Count;
        }

        return network with { Steps = result, InputParameters = parameters[0] };
    }
}
