using System;

namespace Kernels.Models;

/// <summary>Holds the network that the code built against the one that the compiler read in it.</summary>
internal static class PlanCheck
{
    /// <summary>Throws with the first line that differs.</summary>
    /// <param name="model">The class, for the message.</param>
    /// <param name="plan">The compiler's lines.</param>
    /// <param name="lines">What the code built.</param>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public static void ThrowOnDifference(string model, string plan, string[] lines)
    {
        string[] planned = plan.Split('\n');
        for (int i = 0; i < Math.Max(planned.Length, lines.Length); i++)
        {
            string compiled = i < planned.Length ? planned[i] : "nothing";
            string built = i < lines.Length ? lines[i] : "nothing";
            if (compiled != built)
            {
                throw new InvalidOperationException(
                    $"{model}.Forward did something else than what was compiled from it. Step {i + 1} was compiled as\n    {compiled}\nbut the code did\n    {built}\n"
                    + "Kernels are generated for the compiled steps, so both must be the same: the code must not depend on what is only known at run time.");
            }
        }
    }
}
