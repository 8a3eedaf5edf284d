using System;
using System.IO;
using System.Reflection;
using Kernels.Bench.Subjects;
using Kernels.Models;
using Kernels.Onnx;
using Kernels.Tool.Source;

namespace Kernels.Bench.Networks;

/// <summary>An ONNX file as a user gets it: imported as source by the tool, with kernels that the generator emits, compiled and loaded.</summary>
/// <param name="Name">The class.</param>
/// <param name="Image">The assembly.</param>
/// <param name="Float">The float model, whose int8 form runs generated kernels.</param>
/// <param name="Input">Shape of the input.</param>
/// <param name="Output">Shape of the output.</param>
internal sealed record CompiledNetwork(string Name, byte[] Image, FloatModel Float, Shape4 Input, Shape4 Output)
{
    /// <summary>Imports and compiles a network.</summary>
    /// <param name="name">Name of the class.</param>
    /// <param name="file">The ONNX file.</param>
    /// <param name="input">Dimensions of the input, where the file leaves them open; nothing otherwise.</param>
    /// <exception cref="BenchException">The network is not supported, or its source does not compile.</exception>
    public static CompiledNetwork Of(string name, byte[] file, params int[] input)
    {
        try
        {
            using var stream = new MemoryStream(file);
            OnnxModel onnx = OnnxModel.Load(stream, new OnnxLoadOptions { InputShape = input });
            var source = new SourceWriter(onnx.Network, "Compiled", name, name, "-", hasSize: true);
            byte[] image = LayerCompiler.CompileNetwork(source.Text());
            using var weights = new MemoryStream();
            source.Weights().WriteTo(weights);
            Type type = LayerCompiler.Load(image).GetType("Compiled." + name)!;
            ConstructorInfo constructor = type.GetConstructor([typeof(SafetensorsFile)])!;
            var model = (AnnotatedModel)constructor.Invoke([SafetensorsFile.Parse(weights.ToArray())]);
            Shape4 shape = onnx.Network.PhysicalInput;
            return new CompiledNetwork(name, image, model.Graph, shape, model.OutputShape(shape));
        }
        catch (Exception exception) when (exception is UnsupportedOnnxException or OnnxFormatException or Kernels.Tool.ToolException)
        {
            throw new BenchException(exception.Message);
        }
    }
}
