using System.Linq;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Quantization;

public class GoldenQuantizeTests
{
    [Fact]
    public void Codes_and_restored_values_are_PyTorchs()
    {
        foreach (GoldenCase golden in GoldenFile.Load("quantize"))
        {
            float[] input = golden.Tensor("input").ToSingles();
            float[] expected = golden.Tensor("dequantized").ToSingles();
            var parameters = new QuantizationParameters(golden.Float("scale"), golden.Int("zero_point"));
            var restored = new float[input.Length];
            if (golden.Text("dtype") == "quint8")
            {
                var codes = new byte[input.Length];
                Quantizer.Quantize(input, parameters, codes);
                Quantizer.Dequantize(codes, parameters, restored);
                Assert.Equal(golden.Tensor("output").ToBytes(), codes);
            }
            else
            {
                var codes = new sbyte[input.Length];
                Quantizer.Quantize(input, parameters, codes);
                Quantizer.Dequantize(codes, parameters, restored);
                Assert.Equal(golden.Tensor("output").ToSBytes(), codes);
            }

            Assert.True(expected.SequenceEqual(restored), golden.ToString());
        }
    }
}
