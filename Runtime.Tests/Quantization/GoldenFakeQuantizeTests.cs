using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Quantization;

public class GoldenFakeQuantizeTests
{
    [Fact]
    public void Rounded_values_are_PyTorchs()
    {
        foreach (GoldenCase golden in GoldenFile.Load("fake_quantize"))
        {
            float[] input = golden.Tensor("input").ToSingles();
            var output = new float[input.Length];
            FakeQuantizer.Forward(
                input,
                new QuantizationParameters(golden.Float("scale"), golden.Int("zero_point")),
                golden.Int("quant_min"),
                golden.Int("quant_max"),
                output);
            Assert.Equal(golden.Tensor("output").ToSingles(), output);
        }
    }
}
