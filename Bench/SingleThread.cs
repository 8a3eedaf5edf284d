namespace Kernels.Bench;

/// <summary>Everything runs on one thread: what has a limit of its own is told so here.</summary>
internal static class SingleThread
{
    /// <summary>Sets the limits of this process.</summary>
    public static void Apply()
    {
    }
}
