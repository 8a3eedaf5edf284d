using System.IO;
using System.Linq;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using Xunit;

namespace Kernels.Samples.Detect.Tests;

public class TextDetectorsTests
{
    [Theory]
    [InlineData("editor.png")]
    [InlineData("label.png")]
    [InlineData("poster.png")]
    [InlineData("receipt.png")]
    [InlineData("sign.png")]
    [InlineData("slide.png")]
    public void Text_in_int8_is_text_in_float_on_a_scene_that_did_not_calibrate(string name)
    {
        string scene = Assets.Scenes.Single(path => Path.GetFileName(path) == name);
        TextDetectors detectors = TextDetectors.Calibrated(Assets.Scenes.Where(other => other != scene));
        using Image<Rgb24> picture = Pictures.Load(scene);
        NetworkInput input = NetworkInput.Of(picture, int.MaxValue);

        Assert.InRange(detectors.IntersectionOverUnion(input), 0.96, 1);
        Assert.NotEmpty(TextBoxes.Find(input.Map(detectors.Int8.Forward(input.Tensor))));
    }

    [Theory]
    [InlineData(70, 33, 960, 70, 33)]
    [InlineData(2000, 500, 960, 960, 240)]
    public void A_picture_is_shrunk_to_the_limit_and_padded_to_multiples_of_32(int width, int height, int limit, int seenWidth, int seenHeight)
    {
        using var picture = new Image<Rgb24>(width, height);

        NetworkInput input = NetworkInput.Of(picture, limit);

        Assert.Equal((seenWidth, seenHeight), (input.Width, input.Height));
        Assert.Equal((0, 0), (input.Tensor.Shape.W % 32, input.Tensor.Shape.H % 32));
        Assert.InRange(input.Tensor.Shape.W - seenWidth, 0, 31);
    }

    [Fact]
    public void A_file_that_is_no_picture_is_refused_with_a_sentence()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "no picture");

        Assert.Contains("cannot be read as a picture", Assert.Throws<UserException>(() => Pictures.Load(path)).Message);
        File.Delete(path);
    }
}
