using System;
using System.Linq;
using Kernels.Quantization;
using Kernels.Tests.Support;
using Xunit;

namespace Kernels.Tests.Quantization;

public class GoldenObserverTests
{
    [Fact]
    public void Every_observer_gives_PyTorchs_parameters()
    {
        foreach (GoldenCase golden in GoldenFile.Load("observers"))
        {
            IObserver observer = Create(golden.Text("observer"));
            foreach (FloatTensor batch in Batches(golden, "input", golden.Int("batches")))
            {
                observer.Observe(batch);
            }

            QuantizationParameters[] actual = observer is IPerChannelObserver perChannel
                ? perChannel.CalculateChannelQuantizationParameters()
                : [observer.CalculateQuantizationParameters()];
            float[] scales = golden.Tensor("scale").ToSingles();
            Assert.True(golden.Tensor("zero_point").ToInt32s().SequenceEqual(actual.Select(static p => p.ZeroPoint)), $"{golden}: {string.Join(", ", actual)}");
            for (int c = 0; c < scales.Length; c++)
            {
                float tolerance = observer is HistogramObserver ? scales[c] * 0.01f : MathF.BitIncrement(scales[c]) - scales[c];
                Assert.True(MathF.Abs(actual[c].Scale - scales[c]) <= tolerance, $"{golden}: {actual[c]} instead of {scales[c]:R}");
            }
        }
    }

    [Fact]
    public void The_example_models_input_has_PyTorchs_parameters()
    {
        foreach (GoldenCase golden in GoldenFile.Load("example_model"))
        {
            var settings = new ObserverSettings { ReduceRange = golden.Bool("reduce_range") };
            IObserver observer = golden.Text("activation_observer") == "histogram" ? new HistogramObserver(settings) : new MinMaxObserver(settings);
            foreach (FloatTensor batch in Batches(golden, "calibration", golden.Tensor("calibration").Shape[0]))
            {
                observer.Observe(batch);
            }

            QuantizationParameters actual = observer.CalculateQuantizationParameters();
            float scale = golden.Float("input_scale");
            Assert.Equal(golden.Int("input_zero_point"), actual.ZeroPoint);
            Assert.InRange(actual.Scale, scale * 0.99f, scale * 1.01f);
        }
    }

    // The name tells class, type, scheme, range and axis: minmax_quint8_affine_reduced, per_channel_qint8_symmetric_axis1.
    private static IObserver Create(string name)
    {
        var settings = new ObserverSettings
        {
            Dtype = name.Contains("_qint8", StringComparison.Ordinal) ? QuantizedDtype.Qint8 : QuantizedDtype.Quint8,
            Qscheme = name.Contains("_symmetric", StringComparison.Ordinal) ? QuantizationScheme.Symmetric : QuantizationScheme.Affine,
            ReduceRange = name.EndsWith("_reduced", StringComparison.Ordinal),
        };
        return name switch
        {
            _ when name.StartsWith("minmax_", StringComparison.Ordinal) => new MinMaxObserver(settings),
            _ when name.StartsWith("moving_average_", StringComparison.Ordinal) => new MovingAverageMinMaxObserver(settings: settings),
            _ when name.StartsWith("per_channel_", StringComparison.Ordinal) => new PerChannelMinMaxObserver(name[^1] - '0', settings),
            _ when name.StartsWith("histogram_", StringComparison.Ordinal) => new HistogramObserver(settings),
            _ => throw new NotSupportedException($"Teach this test the observer {name}."),
        };
    }

    private static FloatTensor[] Batches(GoldenCase golden, string name, int count)
    {
        int[] shape = [.. golden.Tensor(name).Shape.TakeLast(4)];
        float[] values = golden.Tensor(name).ToSingles();
        var batch = new Shape4(shape[0], shape[1], shape[2], shape[3]);
        return [.. values.Chunk(values.Length / count).Select(chunk => FloatTensor.FromNchw(batch, chunk))];
    }
}
