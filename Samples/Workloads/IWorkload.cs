using Kernels.Samples.Upscale;

namespace Kernels.Samples.Workloads;

/// <summary>
/// One kind of work, known by its name: a picture goes in, tile by tile, and a picture or boxes come out. An instance serves all
/// threads at once, and what it computes does not depend on the machine.
/// </summary>
internal interface IWorkload
{
    /// <summary>In addresses and jobs: lower case, no spaces.</summary>
    string Name { get; }

    /// <summary>For people.</summary>
    string Title { get; }

    /// <summary>What comes out.</summary>
    ResultKind Output { get; }

    /// <summary>Width and height of a tile of the input, in pixels; those at the right and bottom edge may be smaller.</summary>
    int Tile { get; }

    /// <summary>Pixels around a tile that its result depends on, on each side.</summary>
    int Halo { get; }

    /// <summary>Pixels of output for one of input, along each axis; 1 for boxes.</summary>
    int Scale { get; }

    /// <summary>SHA-256 of the model, lower-case hexadecimal: where two machines have the same, they compute the same bytes.</summary>
    string Model { get; }

    /// <summary>The same work with the network in float, for comparison; nothing if there is none.</summary>
    IWorkload? Float { get; }

    /// <summary>Computes one tile on the calling thread.</summary>
    /// <param name="padded">The tile with <see cref="Halo"/> pixels on every side.</param>
    /// <param name="tile">Where it lies in the picture, without them.</param>
    /// <returns>The tile's picture, or boxes in coordinates of the whole picture.</returns>
    Result Run(Picture padded, Region tile);

    /// <summary>Starts to put tiles together.</summary>
    /// <param name="width">Of the whole input, in pixels.</param>
    /// <param name="height">Of the whole input, in pixels.</param>
    IResultBuilder Assemble(int width, int height);
}
