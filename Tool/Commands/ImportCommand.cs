using System;
using System.CommandLine;
using System.IO;
using System.Security.Cryptography;
using Kernels.Models;
using Kernels.Onnx;
using Kernels.Quantization;
using Kernels.Tool.Source;

namespace Kernels.Tool.Commands;

/// <summary><c>kernels import</c>: source and weights of a network.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var model = new ModelOptions();
        var output = new Option<string>("--output") { Description = "Where to write: the current folder by default.", DefaultValueFactory = static _ => "." };
        var space = new Option<string>("--namespace") { Description = "The namespace of the class.", DefaultValueFactory = static _ => "Networks" };
        var name = new Option<string>("--class") { Description = "The class's name; by default the file's.", DefaultValueFactory = static _ => "" };
        var arithmetic = new Option<Int8Arithmetic>("--arithmetic") { Description = "Whose rounding the int8 file of a quantized model asks for: PyTorch, or OnnxRuntime for the numbers that it gave there." };
        var command = new Command("import", "Writes a network as C# source, a [QuantizedModel] class with a Forward method, and its weights as safetensors; of a quantized model an int8 file too.") { output, space, name, arithmetic };
        model.AddTo(command);
        command.SetAction(result => Guard.Run(() =>
        {
            string path = result.GetValue(model.Model)!;
            OnnxModel onnx = model.Load(result);
            string className = result.GetValue(name) is { Length: > 0 } given ? given : Names.Pascal(Path.GetFileNameWithoutExtension(path));
            Names.RequireIdentifier(className);
            foreach (string part in result.GetValue(space)!.Split('.'))
            {
                Names.RequireIdentifier(part);
            }

            var source = new SourceWriter(onnx.Network, result.GetValue(space)!, className, Path.GetFileName(path), Hash(path), result.GetValue(model.InputSize)!.Length > 0);
            string folder = Directory.CreateDirectory(result.GetValue(output)!).FullName;
            string sourcePath = Path.Combine(folder, className + ".cs");
            string weightsPath = Path.Combine(folder, Names.File(className) + ".safetensors");
            File.WriteAllText(sourcePath, source.Text());
            SafetensorsWriter weights = source.Weights();
            weights.Save(weightsPath);
            Console.Out.WriteLine($"{sourcePath}\n{weightsPath}");
            if (source.Int8(result.GetValue(arithmetic)) is { } int8)
            {
                string int8Path = Path.ChangeExtension(weightsPath, ".int8.safetensors");
                int8.Save(int8Path);
                Console.Out.WriteLine(int8Path);
            }
        }));
        return command;
    }

    private static string Hash(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
