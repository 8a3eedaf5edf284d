using System;
using System.Collections.Generic;
using System.Reflection;
using Kernels.Layers;
using Kernels.Packing;
using Kernels.Quantization;

namespace Kernels.Generators.Tests.Support;

/// <summary>The layers of an assembly that was generated and compiled from <see cref="LayerSource"/>.</summary>
internal sealed class GeneratedLayers(Assembly assembly)
{
    private delegate IQuantizedLayer Creator(QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output);

    /// <summary>Generates and compiles a layer for each attribute into a file.</summary>
    public static void Compile(IReadOnlyList<string> attributes, string path, InstructionModel? model = null) =>
        CompiledLayers.Save(path, model, LayerSource.Of(attributes));

    /// <summary>What a layer runs on.</summary>
    public static KernelInfo Info(IQuantizedLayer layer) => ((PackedConvolution)layer.GetType().GetProperty("Packed")!.GetValue(layer)!).Info;

    /// <summary>Makes the layer of the n-th attribute.</summary>
    public IQuantizedLayer Create(int index, QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output)
    {
        Type[] parameters = [typeof(QuantizedWeight), typeof(ReadOnlySpan<float>), typeof(QuantizationParameters), typeof(QuantizationParameters)];
        Creator create = assembly.GetType($"Layers.L{index}", throwOnError: true)!.GetMethod("Create", parameters)!.CreateDelegate<Creator>();
        return create(weight, bias, input, output);
    }
}
