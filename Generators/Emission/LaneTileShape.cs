namespace Kernels.Generators.Emission;

/// <summary>A register tile whose lanes are output channels.</summary>
/// <param name="Pixels">Output pixels.</param>
/// <param name="Blocks">Blocks of 16 lanes: 1 or 2.</param>
/// <param name="IsPartial">Whether the last block may be partly filled; its call then says which lanes are stored.</param>
internal readonly record struct LaneTileShape(int Pixels, int Blocks, bool IsPartial);
