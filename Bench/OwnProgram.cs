using System;
using System.Diagnostics;
using System.IO;

namespace Kernels.Bench;

/// <summary>This program, to be started once more.</summary>
internal static class OwnProgram
{
    /// <summary>How to start it.</summary>
    /// <param name="arguments">Its arguments.</param>
    public static ProcessStartInfo With(params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return new ProcessStartInfo(program, isHost ? [Environment.GetCommandLineArgs()[0], .. arguments] : arguments);
    }
}
