using System;
using System.Collections.Generic;
using Kernels.Models;
using Kernels.Quantization;
using Kernels.Tests.Support;

namespace Kernels.Generators.Tests.Support;

/// <summary>Random fused networks against the plain definition.</summary>
internal static class NetworkSuite
{
    private const int Networks = 300;

    /// <summary>Runs them on the instruction sets of this process.</summary>
    /// <param name="cases">How many there were.</param>
    /// <returns>Those whose codes differ.</returns>
    public static IReadOnlyList<string> Run(out int cases)
    {
        var differences = new List<string>();
        for (int seed = 0; seed < Networks; seed++)
        {
            FusedNetwork network = FusedNetwork.FromSeed(seed);
            QuantizedModel model = network.Convert();
            QuantizedTensor input = Quantizer.Quantize(network.Batch(), model.InputQuantization!.Value);
            if (!PlainNetwork.Forward(model, input).Data.SequenceEqual(model.Forward(input).Data))
            {
                differences.Add($"network {seed}");
            }
        }

        cases = Networks;
        return differences;
    }
}
