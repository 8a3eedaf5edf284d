using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Kernels.Layers;
using Kernels.Packing;
using Kernels.Quantization;
using Kernels.Tests.Support;

namespace Kernels.Generators.Tests.Support;

/// <summary>The layers of an assembly that was generated and compiled from <see cref="LayerSource"/>.</summary>
internal sealed class GeneratedLayers(Assembly assembly)
{
    private delegate IQuantizedLayer Creator(QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output);

    private delegate IQuantizedLayer FusedCreator(QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output, EpilogueParameters? epilogue);

    /// <summary>Generates and compiles a layer for each attribute into a file, with one more source.</summary>
    public static void Compile(IReadOnlyList<string> attributes, string path, InstructionModel? model = null, string more = "") =>
        CompiledLayers.Save(path, model, LayerSource.Of(attributes), more);

    /// <summary>Generates and compiles a layer for each spec into a file: by its attribute, or directly where it has a fused epilogue.</summary>
    public static void Compile(IReadOnlyList<ConvolutionSpec> specs, string path, InstructionModel? model = null, string more = "")
    {
        string attributes = LayerSource.Of([.. specs.Select(spec => spec.Epilogue.IsNone ? LayerSource.Convolution(spec) : string.Empty)]);
        CompiledLayers.Save(path, model, [attributes, more, .. FusedSource.Of(specs)]);
    }

    /// <summary>What a layer runs on.</summary>
    public static KernelInfo Info(IQuantizedLayer layer) => ((PackedConvolution)layer.GetType().GetProperty("Packed")!.GetValue(layer)!).Info;

    /// <summary>Makes the layer of the n-th spec.</summary>
    public IQuantizedLayer Create(int index, EpilogueCase item)
    {
        ConvolutionCase layer = item.Convolution;
        if (item.Epilogue.Spec.IsNone)
        {
            return Create(index, layer.Weight, layer.Bias, layer.Input.Quantization, layer.Output);
        }

        Type[] parameters = [typeof(QuantizedWeight), typeof(ReadOnlySpan<float>), typeof(QuantizationParameters), typeof(QuantizationParameters), typeof(EpilogueParameters)];
        FusedCreator create = assembly.GetType(FusedSource.ClassName(layer.Spec), throwOnError: true)!.GetMethod("Create", parameters)!.CreateDelegate<FusedCreator>();
        return create(layer.Weight, layer.Bias, layer.Input.Quantization, layer.Output, item.Epilogue);
    }

    /// <summary>Makes the layer of the n-th attribute.</summary>
    public IQuantizedLayer Create(int index, QuantizedWeight weight, ReadOnlySpan<float> bias, QuantizationParameters input, QuantizationParameters output)
    {
        Type[] parameters = [typeof(QuantizedWeight), typeof(ReadOnlySpan<float>), typeof(QuantizationParameters), typeof(QuantizationParameters)];
        Creator create = assembly.GetType($"Layers.L{index}", throwOnError: true)!.GetMethod("Create", parameters)!.CreateDelegate<Creator>();
        return create(weight, bias, input, output);
    }
}
