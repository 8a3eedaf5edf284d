using System;
using Kernels.Models;
using Xunit;

namespace Kernels.Samples.FineTune.Tests;

public class FineTuningTests
{
    [Fact]
    public void A_few_steps_already_gain_on_pictures_held_out()
    {
        Network network = Assets.LoadNetwork();
        var tuning = new FineTuning(network, Array.ConvertAll(Assets.TrainingPictures, Assets.LoadPicture));
        QuantizedModel calibrated = tuning.Calibrate();
        QuantizedModel tuned = tuning.Train(steps: 12);

        foreach (string name in Assets.HeldOutPictures)
        {
            var picture = new HeldOutPicture(name, network);
            double gain = picture.Psnr(tuned) - picture.Psnr(calibrated);
            Assert.True(gain > 1.5, $"{name}: {gain} dB");
        }
    }

    [Fact]
    public void A_patch_has_the_border_that_the_network_takes_off()
    {
        Network network = Assets.LoadNetwork();
        FloatTensor patch = Patches.Next([Assets.LoadPicture("text.png")], 10, new Random(3));

        Assert.Equal(new Shape4(1, 3, 24, 24), patch.Shape);
        Assert.Equal(new Shape4(1, 3, 20, 20), network.OutputShape(patch.Shape));
    }
}
