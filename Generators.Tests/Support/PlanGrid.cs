using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Tests.Support;

/// <summary>Layers from all over the attribute space, by what decides how much code a plan needs.</summary>
internal static class PlanGrid
{
    private static readonly int[] Kernels = [1, 2, 3, 4, 5, 7, 9, 11];

    private static readonly int[] Strides = [1, 2, 3, 4, 8];

    // Around the widths of vectors and of tiles, and unlike any of them.
    private static readonly int[] Outputs = [1, 3, 4, 8, 12, 16, 17, 32, 33, 48, 64, 80, 100, 128, 256];

    private static readonly int[] Inputs = [1, 3, 4, 16, 33, 64, 512];

    /// <summary>Every kernel with every stride for both kinds, the other parameters taking turns; then shapes of real networks and extremes.</summary>
    public static IReadOnlyList<LayerSpec> Layers => [.. Turns(), .. Real(), .. Extremes(), .. Sized()];

    // 15, 7, 4, 3 and 5 have few common factors with the 80 pairs, so the turns meet in ever new combinations.
    private static IEnumerable<LayerSpec> Turns()
    {
        int turn = 0;
        foreach (LayerKind kind in new[] { LayerKind.Conv2d, LayerKind.ConvTranspose2d })
        {
            foreach (int kernel in Kernels)
            {
                foreach (int stride in Strides)
                {
                    turn++;
                    int groups = turn % 5 == 0 ? 3 : 1;
                    yield return Layer(
                        kind,
                        Inputs[turn % Inputs.Length] * groups,
                        Outputs[turn % Outputs.Length] * groups,
                        new AxisSpec(kernel, stride, kernel / 2, 0, turn % 7 == 0 ? 2 : 1),
                        new AxisSpec(kernel, stride, turn % 3 == 0 ? 0 : kernel / 2, 0, turn % 7 == 0 ? 3 : 1),
                        groups,
                        (ActivationKind)(turn % 4));
                }
            }
        }
    }

    private static IEnumerable<LayerSpec> Real() =>
    [
        Square(LayerKind.ConvTranspose2d, 16, 3, 3, 2, 1, 1), // the example
        Square(LayerKind.ConvTranspose2d, 56, 1, 9, 3, 4, 2), // FSRCNN
        Square(LayerKind.ConvTranspose2d, 512, 256, 4, 2, 1, 0), // DCGAN
        Square(LayerKind.ConvTranspose2d, 64, 3, 4, 2, 1, 0),
        Square(LayerKind.ConvTranspose2d, 512, 256, 2, 2, 0, 0), // U-Net
        Square(LayerKind.ConvTranspose2d, 24, 1, 2, 2, 0, 0), // DB head
        Square(LayerKind.ConvTranspose2d, 64, 64, 4, 2, 1, 0, 64), // depthwise
        Square(LayerKind.ConvTranspose2d, 21, 21, 16, 8, 4, 0), // FCN-8s
        Square(LayerKind.ConvTranspose2d, 21, 21, 64, 32, 16, 0), // FCN-32s
        Square(LayerKind.ConvTranspose2d, 256, 3, 4, 2, 3, 0), // upconv_7
        Square(LayerKind.Conv2d, 256, 256, 3, 1, 1, 0),
        Square(LayerKind.Conv2d, 3, 64, 7, 2, 3, 0),
        Square(LayerKind.Conv2d, 3, 768, 16, 16, 0, 0), // ViT's patches
        Square(LayerKind.Conv2d, 960, 960, 5, 1, 2, 0, 960),
        Square(LayerKind.Conv2d, 1024, 1024, 3, 1, 1, 0, 32), // ResNeXt
        Square(LayerKind.Conv2d, 2048, 1000, 1, 1, 0, 0),
    ];

    private static IEnumerable<LayerSpec> Extremes() =>
    [
        Square(LayerKind.ConvTranspose2d, 4, 1, 7, 7, 0, 0),
        Square(LayerKind.ConvTranspose2d, 4, 65, 16, 16, 0, 0),
        Square(LayerKind.ConvTranspose2d, 4, 3, 5, 16, 0, 0),
        Square(LayerKind.ConvTranspose2d, 4, 3, 33, 16, 8, 0),
        Square(LayerKind.Conv2d, 4, 65536, 1, 1, 0, 0),
        Square(LayerKind.Conv2d, 4, 64, 64, 1, 0, 0),
        Layer(LayerKind.Conv2d, 1, 48, new AxisSpec(1, 1, 0, 0, 1), new AxisSpec(4096, 1, 0, 0, 1), 1, ActivationKind.LeakyRelu),
        Layer(LayerKind.Conv2d, 1, 48, new AxisSpec(4096, 1, 0, 0, 1), new AxisSpec(1, 1, 0, 0, 1), 1, ActivationKind.LeakyRelu),
        Layer(LayerKind.ConvTranspose2d, 5, 33, new AxisSpec(7, 4, 0, 0, 3), new AxisSpec(11, 6, 0, 0, 5), 1, ActivationKind.LeakyRelu),
        Layer(LayerKind.ConvTranspose2d, 1, 1, new AxisSpec(3, 4096, 0, 0, 1), new AxisSpec(3, 1, 0, 0, 1), 1, ActivationKind.None),
        Layer(LayerKind.ConvTranspose2d, 1, 1, new AxisSpec(3, 1, 0, 0, 1), new AxisSpec(3, 4096, 0, 0, 1), 1, ActivationKind.None),
        Square(LayerKind.ConvTranspose2d, 1, 1, 256, 256, 0, 0),
    ];

    // Known widths: tiles of any width, also single pixels spelled out.
    private static IEnumerable<LayerSpec> Sized() =>
        from layer in Real().Concat(Turns().Where((_, turn) => turn % 7 == 0))
        from width in new[] { 17, 33, 64, 97 }
        where layer.Horizontal.OutputSize(layer.IsTransposed, width) > 0
        select layer with { Horizontal = layer.Horizontal with { InputSize = width } };

    private static LayerSpec Square(LayerKind kind, int inputs, int outputs, int kernel, int stride, int padding, int outputPadding, int groups = 1)
    {
        var axis = new AxisSpec(kernel, stride, padding, outputPadding, 1);
        return Layer(kind, inputs, outputs, axis, axis, groups, ActivationKind.None);
    }

    private static LayerSpec Layer(LayerKind kind, int inputs, int outputs, AxisSpec vertical, AxisSpec horizontal, int groups, ActivationKind activation) =>
        new(kind, inputs, outputs, vertical, horizontal, groups, true, activation, 0.1f, true);
}
