namespace Kernels.Generators.Emission;

/// <summary>A register tile whose lanes are output channels.</summary>
/// <param name="Pixels">Output pixels.</param>
/// <param name="Blocks">Blocks of 16 lanes: 1 or 2.</param>
/// <param name="IsPartial">Whether the last block may be partly filled; its call then says which lanes are stored.</param>
/// <param name="IsDepthwise">Whether each lane has an input of its own: a unit is a vector of quads; otherwise 4 bytes that all lanes read.</param>
internal readonly record struct LaneTileShape(int Pixels, int Blocks, bool IsPartial, bool IsDepthwise = false);
