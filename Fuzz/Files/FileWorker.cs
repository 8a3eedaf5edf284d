using System;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Kernels.Fuzz.Files;

/// <summary>The process that reads files, so that its death is a result too. Before each file it writes down which one.</summary>
internal static class FileWorker
{
    public const string Command = "file-worker";

    /// <summary>Arguments: folder, seed, first file, files; or <c>corpus</c> and paths.</summary>
    public static int Run(string[] arguments)
    {
        if (arguments is ["corpus", .. string[] paths])
        {
            return Corpus(paths);
        }

        string folder = arguments[0];
        int[] numbers = [.. arguments.Skip(1).Select(static text => int.Parse(text, CultureInfo.InvariantCulture))];
        string path = Path.Combine(folder, "file");
        using FileStream progress = new(Path.Combine(folder, "progress"), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        int read = 0;
        for (int index = numbers[1]; index < numbers[1] + numbers[2]; index++)
        {
            progress.Position = 0;
            progress.Write(BitConverter.GetBytes(index));
            (FileTarget target, byte[] file) = FileFuzz.Make(numbers[0], index);
            File.WriteAllBytes(path, file);
            if (FileCheck.Check(target, path, out bool isRead) is string failure)
            {
                Console.WriteLine($"{FileFuzz.Failure}{index} {failure.ReplaceLineEndings(" | ")}");
            }

            read += isRead ? 1 : 0;
        }

        Console.WriteLine($"{FileFuzz.Read}{read}");
        return 0;
    }

    private static int Corpus(string[] paths)
    {
        foreach (string path in paths)
        {
            FileTarget target = FileTarget.OfName(Path.GetFileName(path))!;
            if (FileCheck.Check(target, path, out _) is string failure)
            {
                Console.WriteLine($"{FileFuzz.Failure}0 {failure.ReplaceLineEndings(" | ")}");
            }
        }

        return 0;
    }
}
