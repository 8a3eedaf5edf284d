using System;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Models.Running;
using Kernels.Quantization;

namespace Kernels.Training.Nodes;

/// <summary>Runs the int8 layer of a node on values that are rounded already, and gives what its codes stand for.</summary>
/// <param name="inputs">How many values the node reads.</param>
internal sealed class QuantizedTwin(int inputs)
{
    private readonly int[] _slots = Slots(inputs);
    private readonly Shape4[] _shapes = new Shape4[inputs + 1];
    private readonly QuantizationParameters[] _parameters = new QuantizationParameters[inputs + 1];
    private Module? _layer;
    private Operator? _operator;
    private MemoryPlan? _plan;
    private byte[] _codes = [];

    /// <summary>Computes the output. Nothing is allocated while layer, parameters and shapes stay.</summary>
    /// <param name="layer">The layer, without weights of its own.</param>
    /// <param name="values">Its inputs, which codes stand for exactly.</param>
    /// <param name="inputParameters">Scale and zero point of each.</param>
    /// <param name="output">Receives the values.</param>
    /// <param name="outputParameters">Scale and zero point of the output.</param>
    /// <param name="settings">The lowest and highest code that the output may have.</param>
    public void Run(
        Module layer,
        ReadOnlySpan<FloatTensor> values,
        ReadOnlySpan<QuantizationParameters> inputParameters,
        FloatTensor output,
        QuantizationParameters outputParameters,
        ObserverSettings settings)
    {
        Operator operation = Make(layer, inputParameters, outputParameters);
        var memory = new GraphMemory(Plan(values, output), _codes, -1, default, -1, default);
        for (int i = 0; i < values.Length; i++)
        {
            Quantizer.Quantize(values[i].Data, inputParameters[i], memory.Write(i));
        }

        int last = values.Length;
        operation.Run(memory, _slots, last);
        Span<byte> codes = memory.Write(last);
        CodeClamp.Apply(codes, (byte)settings.Lowest, (byte)settings.Highest, codes);
        Quantizer.Dequantize(codes, outputParameters, output.Data);
    }

    private static int[] Slots(int count)
    {
        var slots = new int[count];
        for (int i = 0; i < count; i++)
        {
            slots[i] = i;
        }

        return slots;
    }

    private Operator Make(Module layer, ReadOnlySpan<QuantizationParameters> inputParameters, QuantizationParameters outputParameters)
    {
        Span<QuantizationParameters> known = _parameters.AsSpan(0, inputParameters.Length);
        if (_operator is null || _layer != layer || !known.SequenceEqual(inputParameters) || _parameters[^1] != outputParameters)
        {
            _operator = layer.Quantized(null, inputParameters, outputParameters);
            _layer = layer;
            inputParameters.CopyTo(known);
            _parameters[^1] = outputParameters;
        }

        return _operator;
    }

    private MemoryPlan Plan(ReadOnlySpan<FloatTensor> values, FloatTensor output)
    {
        bool isSame = _plan is not null && _shapes[^1] == output.Shape;
        _shapes[^1] = output.Shape;
        for (int i = 0; i < values.Length; i++)
        {
            isSame &= _shapes[i] == values[i].Shape;
            _shapes[i] = values[i].Shape;
        }

        if (!isSame || _plan is null)
        {
            _plan = MemoryPlan.OfCodes(_shapes);
            _codes = _codes.Length < _plan.Size ? new byte[_plan.Size] : _codes;
        }

        return _plan;
    }
}
