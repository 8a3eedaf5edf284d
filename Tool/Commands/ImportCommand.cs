using System;
using System.CommandLine;
using System.IO;
using System.Security.Cryptography;
using Kernels.Models;
using Kernels.Onnx;
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
        var command = new Command("import", "Writes a network as C# source, a [QuantizedModel] class with a Forward method, and its weights as safetensors.") { output, space, name };
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
        }));
        return command;
    }

    private static string Hash(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
