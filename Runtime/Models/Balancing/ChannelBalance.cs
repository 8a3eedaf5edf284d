using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Models.Nodes;

namespace Kernels.Models.Balancing;

/// <summary>
/// Gives the channels of activations scales of their own: <see cref="FloatModel.BalanceChannels"/>. Channel c of a value is divided by a power of
/// two r[c]; weights, batch norms and epilogues take the factors, so that the model computes the same, to the last bit of float32. A tensor with one
/// scale s then has the scale s·r[c] for channel c, and kernels, files, training and reports need to know nothing of it.
/// </summary>
internal static class ChannelBalance
{
    // A channel that is smaller than the largest by more than that gets no finer steps: it hardly counts, and other inputs may hold larger values.
    private const int MostHalvings = 8;

    // Exponents in quarters: 0 for one scale for all channels, 4 for channels of one range.
    private const int Quarters = 4;

    /// <summary>Balances a model.</summary>
    /// <param name="nodes">The model.</param>
    /// <param name="statistics">What was seen of its values.</param>
    /// <returns>The nodes of the balanced model.</returns>
    public static ModelNode[] Of(ModelNode[] nodes, ChannelTap statistics)
    {
        ChannelTies ties = Tie(nodes, statistics);
        float[][] scales = Choose(nodes, statistics, ties);
        return
        [
            .. nodes.Select((node, i) => node with
            {
                Layer = node.Layer.WithChannelScales(Array.ConvertAll(node.Inputs, input => scales[input]), scales[i + 1]),
            }),
        ];
    }

    private static ChannelTies Tie(ModelNode[] nodes, ChannelTap statistics)
    {
        var ties = new ChannelTies(nodes.Length + 1, statistics);

        // A caller's own values.
        ties.Pin(0);
        ties.Pin(nodes.Length);
        var users = new Dictionary<LayerWeights, int>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < nodes.Length; i++)
        {
            nodes[i].Layer.TieChannels(ties, nodes[i].Inputs, i + 1);

            // A layer that is used twice has its weights once.
            if (nodes[i].Layer is WeightedModule layer && !users.TryAdd(layer.Weights, i))
            {
                int user = users[layer.Weights];
                ties.Tie(nodes[user].Inputs[0], nodes[i].Inputs[0]);
                ties.Tie(user + 1, i + 1);
            }
        }

        return ties;
    }

    private static float[][] Choose(ModelNode[] nodes, ChannelTap statistics, ChannelTies ties)
    {
        double[] halvings = Halvings(nodes.Length + 1, statistics, ties);
        var scales = new float[nodes.Length + 1][];
        foreach (int[] group in Groups(nodes.Length + 1, ties))
        {
            double best = double.PositiveInfinity;
            for (int quarters = 0; quarters <= Quarters; quarters++)
            {
                float[][] candidate = Array.ConvertAll(group, value => Scales(value, ties, halvings, (double)quarters / Quarters));
                double cost = group.Select((value, i) => RoundingNoise.Of(nodes, value, statistics[value], candidate[i])).Sum();
                if (cost < best)
                {
                    best = cost;
                    for (int i = 0; i < group.Length; i++)
                    {
                        scales[group[i]] = candidate[i];
                    }
                }
            }
        }

        return scales;
    }

    /// <summary>For each class of channels how many halvings lie between the largest channel of a value and this one, at least so many in every value that has it.</summary>
    private static double[] Halvings(int values, ChannelTap statistics, ChannelTies ties)
    {
        var halvings = new double[ties.Count];
        Array.Fill(halvings, MostHalvings);
        for (int value = 0; value < values; value++)
        {
            int channels = ties.Channels(value);
            float largest = Enumerable.Range(0, channels).Max(statistics[value].Magnitude);
            for (int channel = 0; channel < channels; channel++)
            {
                int number = ties.Class(value, channel);
                double own = ties.IsPinned(number) || largest == 0 ? 0 : Math.Max(0, Math.Log2(largest / statistics[value].Reach(channel)));
                halvings[number] = Math.Min(halvings[number], own);
            }
        }

        return halvings;
    }

    private static float[] Scales(int value, ChannelTies ties, double[] halvings, double exponent)
    {
        var scales = new float[ties.Channels(value)];
        for (int channel = 0; channel < scales.Length; channel++)
        {
            scales[channel] = MathF.ScaleB(1, -(int)Math.Round(halvings[ties.Class(value, channel)] * exponent));
        }

        return scales;
    }

    /// <summary>Values that share a class that may be scaled are chosen for together.</summary>
    private static IEnumerable<int[]> Groups(int values, ChannelTies ties)
    {
        var groupOf = new int[values];
        var firstOf = new Dictionary<int, int>();
        for (int value = 0; value < values; value++)
        {
            groupOf[value] = value;
            for (int channel = 0; channel < ties.Channels(value); channel++)
            {
                int number = ties.Class(value, channel);
                if (ties.IsPinned(number) || firstOf.TryAdd(number, value))
                {
                    continue;
                }

                int from = groupOf[value];
                int to = groupOf[firstOf[number]];
                for (int i = 0; from != to && i <= value; i++)
                {
                    groupOf[i] = groupOf[i] == from ? to : groupOf[i];
                }
            }
        }

        return Enumerable.Range(0, values).GroupBy(value => groupOf[value]).Select(static group => group.ToArray());
    }
}
