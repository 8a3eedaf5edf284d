using System;
using System.Globalization;
using System.IO;
using Kernels.Onnx.Protos;

namespace Kernels.Onnx.Reading;

/// <summary>Reads tensors that a model keeps in files beside it: in its own folder or below, never elsewhere.</summary>
/// <param name="folder">The model's folder; null for a model that is not read from a file.</param>
internal sealed class ExternalData(string? folder)
{
    private readonly string? _folder = folder is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <summary>The bytes of a tensor.</summary>
    /// <param name="tensor">The tensor, with its entries location, offset and length.</param>
    /// <param name="expected">How many bytes it has.</param>
    /// <exception cref="OnnxFormatException">The entries point outside of the folder or the file, or there is no such file.</exception>
    public byte[] Read(TensorProto tensor, long expected)
    {
        string? location = null;
        long offset = 0;
        long length = expected;
        foreach (StringStringEntryProto entry in tensor.ExternalData)
        {
            switch (entry.Key)
            {
                case "location":
                    location = entry.Value;
                    break;
                case "offset":
                    offset = Number(tensor, entry);
                    break;
                case "length":
                    length = Number(tensor, entry);
                    break;
            }
        }

        if (length != expected)
        {
            throw new OnnxFormatException($"The tensor {tensor.Name} needs {expected} bytes, but its external data has {length}.");
        }

        string path = PathOf(tensor, location);
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (offset > stream.Length || length > stream.Length - offset)
            {
                throw new OnnxFormatException($"The tensor {tensor.Name} reads beyond the end of the external file {location}.");
            }

            var bytes = new byte[length];
            stream.Position = offset;
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (exception is (IOException and not OnnxFormatException) or UnauthorizedAccessException)
        {
            throw new OnnxFormatException($"The external file {location} of the tensor {tensor.Name} cannot be read: {exception.Message}", exception);
        }
    }

    private static long Number(TensorProto tensor, StringStringEntryProto entry) =>
        long.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new OnnxFormatException($"The external data of the tensor {tensor.Name} has the {entry.Key} '{entry.Value}', which is not a number.");

    private string PathOf(TensorProto tensor, string? location)
    {
        if (_folder is null)
        {
            throw new OnnxFormatException($"The tensor {tensor.Name} is in an external file, which only a model that is loaded by its path can have.");
        }

        if (string.IsNullOrEmpty(location) || location.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(location))
        {
            throw Outside(tensor, location);
        }

        string path = Path.GetFullPath(Path.Combine(_folder, location));
        if (!path.StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw Outside(tensor, location);
        }

        // A link inside the folder may lead out of it.
        for (string? part = path; part is not null && part.Length > _folder.Length; part = Path.GetDirectoryName(part))
        {
            if (new FileInfo(part).LinkTarget is not null)
            {
                throw Outside(tensor, location);
            }
        }

        return File.Exists(path) ? path : throw new OnnxFormatException($"The tensor {tensor.Name} is in the external file {location}, which does not exist.");
    }

    private static OnnxFormatException Outside(TensorProto tensor, string? location) =>
        new($"The tensor {tensor.Name} names the external file '{location}': external data is read from the model's own folder only.");
}
