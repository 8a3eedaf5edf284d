using System;

namespace Kernels.Tool;

/// <summary>What a user did that cannot work; the message is all that is printed.</summary>
/// <param name="message">What is wrong, and what would help.</param>
internal sealed class ToolException(string message) : Exception(message);
