using System.Collections.Generic;
using System.Linq;
using Kernels.Packing;
using Xunit;

namespace Kernels.Tests.Packing;

/// <summary>Every pair of weights against the activations that make the largest and the smallest sum.</summary>
public class SaturationSplitTests
{
    [Fact]
    public void Sums_of_split_pairs_and_unsigned_activations_fit_16_bits() =>
        Assert.All(Pairs(), pair =>
        {
            (int kept, int residue) = SaturationSplit.Split(pair.First, pair.Second, WeightForm.SplitBytes);

            Assert.Equal(pair.Second, kept + residue);
            AssertFits(pair.First, kept, 0, 255);
            AssertFits(0, residue, 0, 255);
        });

    [Fact]
    public void Sums_of_pairs_that_need_no_split_and_signed_activations_fit_16_bits() =>
        Assert.All(Pairs(), pair =>
        {
            (int kept, int residue) = SaturationSplit.Split(pair.First, pair.Second, WeightForm.SignedPairs);

            Assert.Equal(pair.Second, kept + residue);
            AssertFits(pair.First, kept, -128, 127);
        });

    [Fact]
    public void Signed_pairs_need_a_split_only_where_both_weights_are_the_smallest() =>
        Assert.Equal([(-128, -128)], Pairs().Where(pair => SaturationSplit.Split(pair.First, pair.Second, WeightForm.SignedPairs).Residue != 0));

    [Theory]
    [InlineData(WeightForm.ExactBytes)]
    [InlineData(WeightForm.SignedBytes)]
    public void Instructions_that_add_in_32_bits_need_no_split(WeightForm form) =>
        Assert.DoesNotContain(Pairs(), pair => SaturationSplit.Split(pair.First, pair.Second, form) != (pair.Second, 0));

    private static void AssertFits(int first, int second, int low, int high)
    {
        foreach (int a in new[] { low, high })
        {
            foreach (int b in new[] { low, high })
            {
                Assert.InRange(a * first + b * second, short.MinValue, short.MaxValue);
            }
        }
    }

    private static IEnumerable<(int First, int Second)> Pairs() =>
        from first in Enumerable.Range(-128, 256)
        from second in Enumerable.Range(-128, 256)
        select (first, second);
}
