namespace Kernels.Generators.Planning;

/// <summary>How a kernel runs: which values share a vector, and in which order they are visited.</summary>
/// <param name="Dots">
/// Estimated cost: dot steps of 16 lanes for 16 input positions of a whole layer, weighted by how well the dataflow
/// keeps the multipliers busy. What the planner compares.
/// </param>
internal abstract record DataflowPlan(double Dots)
{
    /// <summary>What loops over taps that tiles could spell out, as the end of a sentence; null when nothing does.</summary>
    public virtual string? Loops => null;

    /// <summary>The same with so much spelled out, where the dataflow can do with less.</summary>
    public virtual DataflowPlan Within(Detail detail) => this;
}
