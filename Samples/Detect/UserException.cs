using System;

namespace Kernels.Samples.Detect;

/// <summary>Something that the user can mend; the message is one sentence for them.</summary>
internal sealed class UserException(string message, Exception? inner = null) : Exception(message, inner);
