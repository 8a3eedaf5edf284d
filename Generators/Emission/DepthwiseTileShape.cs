using Kernels.Generators.Planning;
using Kernels.Shared;

namespace Kernels.Generators.Emission;

/// <summary>A depthwise tile as it is emitted: what it computes, and where its bytes lie.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Tier">The tier.</param>
/// <param name="Panel">The panel.</param>
/// <param name="Channels">How channels fill vectors.</param>
/// <param name="Tile">Its pixels and dot steps.</param>
/// <param name="Lanes">Bytes of a vector.</param>
internal sealed record DepthwiseTileShape(KernelPlan Plan, Tier Tier, DepthwisePanelPlan Panel, DepthwiseLanes Channels, DepthwiseTile Tile, int Lanes)
{
    /// <summary>Its name.</summary>
    public string Name => $"Tile{Text.Number(Panel.Tiles)}_{Text.Number(Tile.Positions)}{(Tier.IsMachineCode ? "x" + Text.Number(Lanes) : string.Empty)}{Tier.Name}";

    /// <summary>Whether its call says how many codes of a pixel are stored: where pixels share a vector, of which a short row has fewer.</summary>
    public bool HasCodes => Channels.Repeat > 1 && Tile.Positions == 1;

    /// <summary>Codes of a pixel, or of those that share a vector.</summary>
    public int Codes => System.Math.Min(Lanes, Channels.Repeat * Channels.Channels);

    /// <summary>Whether not all of a vector's codes are stored.</summary>
    public bool IsPartial => HasCodes || Codes < Lanes;

    /// <summary>Bytes of a position's input.</summary>
    public int InputStep => Plan.Geometry.Horizontal.InputStride * Channels.Repeat * Channels.Channels;

    /// <summary>Bytes of a position's codes.</summary>
    public int OutputStep => Plan.Geometry.Horizontal.OutputStride * Channels.Repeat * Channels.Channels;

    /// <summary>Where a pixel's codes go, from the first one's.</summary>
    public int OutputOf(int pixel) => pixel / Tile.Phases * OutputStep + pixel % Tile.Phases * Channels.Channels;

    /// <summary>Where a pixel's start values lie, in vectors.</summary>
    public int StartOf(int pixel) => pixel % Tile.Phases * DepthwisePlan.Vectors;
}
