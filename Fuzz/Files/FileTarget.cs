using System;
using System.Collections.Generic;
using System.Linq;

namespace Kernels.Fuzz.Files;

/// <summary>A reader of files: what valid ones look like, and what is done with a file that may be none. Another format is one more class.</summary>
internal abstract class FileTarget
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FileTarget> All { get; } = [new SafetensorsTarget(), new ModelTarget(), new SequenceTarget(), new CalibrationTarget(), new OnnxTarget()];

    /// <summary>The one whose file it is, by its name in the corpus; null for other files.</summary>
    public static FileTarget? OfName(string name) =>
        All.FirstOrDefault(target => name.StartsWith(target.Name + "-", StringComparison.Ordinal) && name.EndsWith(target.Extension, StringComparison.Ordinal));

    /// <summary>Name of the target, with which names in the corpus begin.</summary>
    public abstract string Name { get; }

    /// <summary>How names of its files end.</summary>
    public virtual string Extension => ".safetensors";

    /// <summary>Valid files to start from.</summary>
    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Mutates a file.</summary>
    public virtual byte[] Mutate(byte[] file, Random random) => SafetensorsMutator.Mutate(file, random);

    /// <summary>Reads a file; an exception is one that the reader documents, or a failure.</summary>
    /// <param name="path">The file.</param>
    /// <returns>What then runs, whose exceptions are failures unless they are documented too; nothing when there is nothing to run.</returns>
    /// <exception cref="System.IO.InvalidDataException">The file is refused.</exception>
    public abstract Action? Read(string path);
}
