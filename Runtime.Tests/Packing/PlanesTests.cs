using Kernels.Execution;
using Xunit;

namespace Kernels.Tests.Packing;

/// <summary>Rows of a second input, taken apart for PixelLanes kernels.</summary>
public sealed unsafe class PlanesTests
{
    private const int Plane = 96;

    [Fact]
    public void Every_code_of_a_row_lies_in_its_plane_whatever_the_codes_of_a_pixel()
    {
        for (int codes = 1; codes <= 40; codes++)
        {
            for (int count = 0; count <= codes * 50; count += count < codes * 3 ? 1 : codes - 1 + codes % 2)
            {
                Check(codes, count);
            }
        }
    }

    // The row lies at the end of its memory, where a read beyond would find a byte that is nowhere else.
    private static void Check(int codes, int count)
    {
        var row = new byte[count + 16];
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = i < count ? (byte)(i * 37 % 251) : (byte)255;
        }

        var planes = new byte[codes * Plane];
        fixed (byte* source = row, target = planes)
        {
            Planes.Split(source, count, codes, target, Plane);
        }

        for (int i = 0; i < count; i++)
        {
            Assert.True(row[i] == planes[i % codes * Plane + i / codes], $"{codes} codes, {count} in the row, at {i}");
        }

        Assert.DoesNotContain((byte)255, planes);
    }
}
