using System;
using System.IO;
using Kernels.Onnx;

namespace Kernels.Tool.Commands;

/// <summary>Turns what users can do wrong into one message and an exit code.</summary>
internal static class Guard
{
    /// <summary>Runs a command.</summary>
    /// <returns>0, or 1 when it could not be done.</returns>
    public static int Run(Action command)
    {
        try
        {
            command();
            return 0;
        }
        catch (Exception exception) when (exception is ToolException or UnsupportedOnnxException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // Layers say with these that an input does not fit them.
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
    }
}
