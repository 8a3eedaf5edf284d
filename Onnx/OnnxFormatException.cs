using System;
using System.IO;

namespace Kernels.Onnx;

/// <summary>A file that is not an ONNX model, is damaged, or contradicts itself.</summary>
public sealed class OnnxFormatException : IOException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong.</param>
    public OnnxFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with its cause.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The cause.</param>
    public OnnxFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
