using System;
using System.IO;
using Kernels.Models;

namespace Kernels.Quantization;

/// <summary>Reads tensors of saved observers; whatever is wrong is an <see cref="InvalidDataException"/>.</summary>
internal static class ObserverState
{
    /// <summary>A tensor that must be there.</summary>
    public static SafetensorsTensor Require(SafetensorsFile file, string name)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Tensors.TryGetValue(name, out SafetensorsTensor? tensor)
            ? tensor
            : throw new InvalidDataException($"The saved observer has no tensor {SafetensorsFile.Quote(name)}: it was saved by another class, or under another prefix.");
    }

    /// <summary>The elements of a tensor that must have so many.</summary>
    public static float[] Singles(SafetensorsFile file, string name, int count)
    {
        SafetensorsTensor tensor = Require(file, name);
        return tensor.Count == count
            ? tensor.ToSingles()
            : throw new InvalidDataException($"The saved observer's tensor {tensor} must have {count} elements.");
    }

    /// <summary>A range: finite and ordered, or that of nothing.</summary>
    public static ValueRange Range(float min, float max, string name)
    {
        var range = new ValueRange(min, max);
        return range == ValueRange.Empty || (float.IsFinite(min) && float.IsFinite(max) && min <= max)
            ? range
            : throw new InvalidDataException($"The saved observer {SafetensorsFile.Quote(name)} has the range {min} to {max}, which is not finite and ordered.");
    }

    /// <summary>A number of batches.</summary>
    public static long Batches(SafetensorsFile file, string name)
    {
        long[] value = Require(file, name).ToInt64s();
        return value.Length == 1 && value[0] >= 0
            ? value[0]
            : throw new InvalidDataException($"The saved observer's {SafetensorsFile.Quote(name)} must be one number of at least 0.");
    }
}
