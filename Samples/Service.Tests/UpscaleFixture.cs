using Kernels.Samples.Upscale;
using Kernels.Samples.Workloads;
using Xunit;

namespace Kernels.Samples.Service.Tests;

/// <summary>The upscaler, loaded once, and what it gives when it is called directly.</summary>
public sealed class UpscaleFixture
{
    public const string Name = "upscaler";

    internal WorkloadCatalog Catalog { get; } = new([UpscaleWorkload.Load(new ModelCache(), threads: 2), new BrightWorkload()]);

    /// <summary>The same picture by the loop of the library, in one thread.</summary>
    internal Picture Upscale(Picture picture)
    {
        IWorkload workload = Catalog.Find("upconv_7")!;
        IResultBuilder whole = workload.Assemble(picture.Width, picture.Height);
        foreach (Region tile in Tiler.Cut(picture.Width, picture.Height, workload.Tile))
        {
            whole.Add(tile, workload.Run(Tiler.Padded(picture, tile, workload.Halo), tile));
        }

        return ((PictureResult)whole.Build()).Picture;
    }
}

/// <summary>One upscaler for all tests.</summary>
[CollectionDefinition(UpscaleFixture.Name)]
public sealed class UpscaleCollection : ICollectionFixture<UpscaleFixture>;
