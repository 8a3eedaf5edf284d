using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Models;
using Kernels.Onnx.Graphs;
using Kernels.Quantization;

namespace Kernels.Onnx.Lowering;

/// <summary>An imported network: steps with one input and one output.</summary>
/// <param name="Input">Name of the ONNX input.</param>
/// <param name="Output">Name of the ONNX output.</param>
/// <param name="InputShape">Dimensions of the input, as ONNX sees them, that it was imported with.</param>
/// <param name="OutputShape">Dimensions of the output for that input.</param>
/// <param name="Steps">The steps; the last one makes the output.</param>
internal sealed record ImportedNetwork(string Input, string Output, int[] InputShape, int[] OutputShape, IReadOnlyList<Step> Steps)
{
    /// <summary>Shape of the input as layers see it.</summary>
    public Shape4 PhysicalInput => Term.Of(0, InputShape, Term.DefaultAxes(InputShape.Length)).Physical;

    /// <summary>Scale and zero point of the input as quint8, where the file says them.</summary>
    public QuantizationParameters? InputParameters { get; init; }

    /// <summary>The type of the codes that the file's input has; null for real numbers.</summary>
    public ElementType? InputCodes { get; init; }

    /// <summary>The type of the codes that the file's output has; null for real numbers.</summary>
    public ElementType? OutputCodes { get; init; }

    /// <summary>Whether the file says scales of values.</summary>
    public bool IsQuantized => InputParameters is not null || Steps.Any(static step => step.Parameters is not null);

    /// <summary>The network as a model.</summary>
    /// <exception cref="OnnxFormatException">The steps do not fit each other.</exception>
    public FloatModel Build()
    {
        try
        {
            var builder = new ModelBuilder(PhysicalInput.C);
            var values = new List<Value> { builder.Input };
            foreach (Step step in Steps)
            {
                values.Add(builder.Add(step.Name, step.Operation.Create(), [.. step.Inputs.Select(input => values[input])]));
            }

            FloatModel model = builder.Build(values[^1]);
            Shape4 output = model.OutputShape(PhysicalInput);
            return output == Steps[^1].Shape
                ? model
                : throw new OnnxFormatException($"The network makes {output} where the file's operators make {Steps[^1].Shape}.");
        }
        catch (ArgumentException exception)
        {
            throw new OnnxFormatException($"The operators of the file do not fit each other: {exception.Message}", exception);
        }
    }
}
