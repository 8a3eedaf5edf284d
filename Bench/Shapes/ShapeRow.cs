using Kernels.Layers;

namespace Kernels.Bench.Shapes;

/// <summary>One layer to measure: its spec and the size of its input.</summary>
/// <param name="Name">Name in tables and on the command line.</param>
/// <param name="Spec">The layer.</param>
/// <param name="Height">Rows of the input.</param>
/// <param name="Width">Columns of the input.</param>
/// <param name="BestMicroseconds">The fastest known peer, on the machine that measured the list; nothing when unknown.</param>
internal sealed record ShapeRow(string Name, ConvolutionSpec Spec, int Height, int Width, double? BestMicroseconds)
{
    /// <summary>Shape of the input.</summary>
    public Shape4 Input => new(1, Spec.InChannels, Height, Width);

    /// <summary>Shape of the output.</summary>
    public Shape4 Output => Spec.OutputShape(Input);

    /// <summary>
    /// Multiplications as the list counts them: every tap of every input position for transposed layers, of every output
    /// position for the others; borders are not taken off.
    /// </summary>
    public double Macs
    {
        get
        {
            Shape4 positions = Spec.Kind == ConvolutionKind.ConvTranspose2d ? Input : Output;
            double taps = (double)Spec.InChannels / Spec.Groups * Spec.OutChannels * Spec.KernelHeight * Spec.KernelWidth;
            return taps * positions.H * positions.W;
        }
    }
}
