using System;

namespace Kernels.Samples.Service;

/// <summary>What the service allows: section <c>Service</c> of appsettings.json, environment variables such as <c>Service__Queue</c>, or <c>--Service:Queue=4</c>.</summary>
internal sealed class ServiceOptions
{
    public const string Section = "Service";

    /// <summary>Threads that run kernels; 0 for one a core.</summary>
    public int Threads { get; set; }

    /// <summary>Requests that wait beyond those that fill the threads; the next is answered 429.</summary>
    public int Queue { get; set; } = 8;

    /// <summary>The largest upload, in bytes.</summary>
    public long MaxBytes { get; set; } = 16 << 20;

    /// <summary>The largest picture, in pixels.</summary>
    public long MaxPixels { get; set; } = 4 << 20;

    /// <summary>How long an upload may take.</summary>
    public TimeSpan UploadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long requests that were accepted may go on when the service is told to stop.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Bytes of results that are kept for the page; the oldest give way.</summary>
    public long ResultBytes { get; set; } = 256 << 20;

    /// <summary>How long a result is kept for the page.</summary>
    public TimeSpan ResultLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The folder of converted models; nothing for the user's own.</summary>
    public string? ModelCache { get; set; }

    /// <summary>The threads there are.</summary>
    public int ThreadCount => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>Throws where a value makes no sense.</summary>
    public void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentOutOfRangeException.ThrowIfNegative(Queue);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPixels, 1);

        // A result is one array of 12 bytes for each of these.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxPixels, 100_000_000);
    }
}
