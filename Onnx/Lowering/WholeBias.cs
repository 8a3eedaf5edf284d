using System;
using Kernels.Quantization;

namespace Kernels.Onnx.Lowering;

/// <summary>
/// Biases that are whole numbers of the steps of a layer's sums, sx * sw, as ONNX Runtime adds them. A packed layer divides by that step again and gets the whole number
/// but for the last bit of a float32.
/// </summary>
internal static class WholeBias
{
    /// <summary>The biases.</summary>
    /// <param name="bias">Real numbers, one for each output channel; empty for a layer without.</param>
    /// <param name="input">Scale of the input.</param>
    /// <param name="weights">Scales of the weights.</param>
    public static float[] Of(ReadOnlySpan<float> bias, QuantizationParameters input, WeightQuantization weights)
    {
        var whole = new float[bias.Length];
        for (int channel = 0; channel < whole.Length; channel++)
        {
            float step = input.Scale * weights[channel].Scale;
            float code = MathF.Round(bias[channel] / step, MidpointRounding.ToEven);

            // Steps too small for the bias are refused where the layer is packed.
            whole[channel] = float.IsFinite(code) ? code * step : bias[channel];
        }

        return whole;
    }
}
