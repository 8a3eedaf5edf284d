using Kernels.Samples.Upscale;

namespace Kernels.Samples.Workloads;

/// <summary>Pastes the pictures of tiles into one.</summary>
internal sealed class PictureBuilder(int width, int height, int scale) : IResultBuilder
{
    private readonly Picture _whole = new(scale * width, scale * height);

    public void Add(Region tile, Result result) => _whole.Paste(((PictureResult)result).Picture, scale * tile.X, scale * tile.Y);

    public Result Build() => new PictureResult(_whole);
}
