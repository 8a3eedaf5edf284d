using System;

namespace Kernels.Samples.Upscale.Tests;

/// <summary>The networks, calibrated once for all tests, for the default picture: it is not among those of calibration.</summary>
public sealed class NetworksFixture
{
    internal Picture Input { get; } = PictureFile.Load(Assets.DefaultPicture);

    internal Networks Networks { get; }

    public NetworksFixture() => Networks = Networks.For(Input, new Silent());

    private sealed class Silent : IProgress<double>
    {
        public void Report(double value)
        {
        }
    }
}
