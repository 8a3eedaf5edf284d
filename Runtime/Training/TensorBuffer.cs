namespace Kernels.Training;

/// <summary>A tensor that is kept as long as its shape stays, so that training steps of one size do not allocate it again.</summary>
internal sealed class TensorBuffer
{
    private FloatTensor? _tensor;

    /// <summary>A tensor of the shape; its values are those of the last use.</summary>
    public FloatTensor Take(Shape4 shape)
    {
        if (_tensor is null || _tensor.Shape != shape)
        {
            _tensor = new FloatTensor(shape);
        }

        return _tensor;
    }
}
