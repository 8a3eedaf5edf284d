using System;
using System.Collections.Generic;
using System.IO;
using Kernels.Samples.Upscale;
using Kernels.Samples.Workloads;
using Xunit;

namespace Kernels.Samples.Service.Tests;

/// <summary>The workloads, loaded once, and what they give when they are called directly.</summary>
public sealed class WorkloadsFixture
{
    public const string Name = "workloads";

    /// <summary>A picture with text.</summary>
    public static string Scene { get; } = Path.Combine(AppContext.BaseDirectory, "Assets", "scenes", "receipt.png");

    internal WorkloadCatalog Catalog { get; } = new([.. WorkloadCatalog.Load(new ModelCache(), threads: 2).All, new BrightWorkload()]);

    /// <summary>The same picture by the loop of the library, in one thread.</summary>
    internal Picture Upscale(Picture picture, string name = "upconv_7")
    {
        return ((PictureResult)Compute(picture, Catalog.Find(name)!)).Picture;
    }

    /// <summary>The boxes in a picture by the loop of the library, in one thread.</summary>
    internal IReadOnlyList<Box> Boxes(Picture picture, IWorkload workload) => ((BoxesResult)Compute(picture, workload)).Boxes;

    private static Result Compute(Picture picture, IWorkload workload)
    {
        IResultBuilder whole = workload.Assemble(picture.Width, picture.Height);
        foreach (Region tile in Tiler.Cut(picture.Width, picture.Height, workload.Tile))
        {
            whole.Add(tile, workload.Run(Tiler.Padded(picture, tile, workload.Halo), tile));
        }

        return whole.Build();
    }
}

/// <summary>One set of workloads for all tests.</summary>
[CollectionDefinition(WorkloadsFixture.Name)]
public sealed class WorkloadsCollection : ICollectionFixture<WorkloadsFixture>;
