using System;

namespace Kernels.Samples.Upscale;

/// <summary>Peak signal-to-noise ratio of 8-bit pictures.</summary>
internal static class Psnr
{
    /// <summary>10 log10(255² / mean squared difference) over all channels, in dB; infinite for equal pictures.</summary>
    public static double Of(Picture picture, Picture reference)
    {
        if (picture.Width != reference.Width || picture.Height != reference.Height)
        {
            throw new ArgumentException($"The pictures have {picture.Width}x{picture.Height} and {reference.Width}x{reference.Height} pixels; only equal sizes can be compared.");
        }

        long sum = 0;
        for (int i = 0; i < picture.Pixels.Length; i++)
        {
            int difference = picture.Pixels[i] - reference.Pixels[i];
            sum += difference * difference;
        }

        return 10 * Math.Log10(255.0 * 255.0 * picture.Pixels.Length / sum);
    }
}
