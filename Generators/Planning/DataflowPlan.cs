namespace Kernels.Generators.Planning;

/// <summary>How a kernel runs: which values share a vector, and in which order they are visited.</summary>
/// <param name="Dots">
/// Estimated cost: dot steps of 16 lanes for 16 input positions of a whole layer, weighted by how well the dataflow
/// keeps the multipliers busy. What the planner compares.
/// </param>
internal abstract record DataflowPlan(double Dots);
