using System;

namespace Kernels.Samples.Upscale;

/// <summary>Passes counts on as shares of a total.</summary>
internal sealed class ShareOfCount(int total, IProgress<double> shares) : IProgress<int>
{
    public void Report(int value) => shares.Report((double)value / total);
}
