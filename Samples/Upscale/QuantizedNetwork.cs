using System;
using Kernels.Models;
using Kernels.Quantization;

namespace Kernels.Samples.Upscale;

/// <summary>An int8 network over 8-bit pixels: codes and pixels are both bytes, so two tables of 256 entries convert them.</summary>
internal sealed class QuantizedNetwork : IPixelNetwork
{
    private readonly QuantizedModel _model;
    private readonly byte[] _codeOfPixel = new byte[256];
    private readonly byte[] _pixelOfCode = new byte[256];
    private byte[] _input = [];

    public QuantizedNetwork(QuantizedModel model)
    {
        _model = model;
        var bytes = new byte[256];
        var values = new float[256];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)i;
        }

        PixelScale.ToUnit(bytes, values);
        Quantizer.Quantize(values, model.InputQuantization!.Value, _codeOfPixel);
        Quantizer.Dequantize(bytes, model.OutputQuantization!.Value, values);
        PixelScale.FromUnit(values, _pixelOfCode);
    }

    public void Run(ReadOnlySpan<byte> padded, int width, int height, Span<byte> output)
    {
        if (_input.Length < padded.Length)
        {
            _input = new byte[padded.Length];
        }

        for (int i = 0; i < padded.Length; i++)
        {
            _input[i] = _codeOfPixel[padded[i]];
        }

        _model.Run(_input.AsSpan(0, padded.Length), 1, height + 2 * IPixelNetwork.Border, width + 2 * IPixelNetwork.Border, output);
        for (int i = 0; i < output.Length; i++)
        {
            output[i] = _pixelOfCode[output[i]];
        }
    }
}
