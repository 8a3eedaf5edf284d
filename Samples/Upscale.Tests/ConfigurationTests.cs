using System;
using System.Linq;
using Kernels.Models;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Samples.Upscale.Tests;

/// <summary>What docs/pytorch.md says about configurations of this network, on a part of a picture held out.</summary>
public class ConfigurationTests
{
    [Fact]
    public void Full_ranges_and_scales_for_each_output_of_the_transposed_layer_gain_on_a_picture_held_out()
    {
        Picture heldOut = PictureFile.Load(Assets.DefaultPicture);
        var model = new Upconv7(SafetensorsFile.Load(Assets.Weights));
        FloatTensor input = Calibration.Batches([heldOut]).First();
        FloatTensor expected = model.Forward(input);
        FloatTensor[] batches = [.. Calibration.Batches(Assets.PicturesOtherThan(heldOut)).Where(static (_, i) => i % 2 == 0)];

        double fullRange = Psnr(QConfigMapping.Uniform(QConfig.FullRange));
        double oneScale = Psnr(QConfigMapping.PyTorch(QConfig.FullRange));
        double fbgemm = Psnr(QConfigMapping.PyTorch(QConfig.Fbgemm));

        Assert.True(fullRange > oneScale + 0.2, $"{fullRange} {oneScale}");
        Assert.True(fullRange > fbgemm + 3, $"{fullRange} {fbgemm}");

        double Psnr(QConfigMapping mapping)
        {
            model.Prepare(mapping);
            model.Calibrate(batches);
            FloatTensor output = model.Convert().Forward(input);
            double sum = 0;
            for (int i = 0; i < output.Data.Length; i++)
            {
                sum += Math.Pow(output.Data[i] - expected.Data[i], 2);
            }

            return -10 * Math.Log10(sum / output.Data.Length);
        }
    }
}
