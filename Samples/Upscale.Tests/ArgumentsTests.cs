using System;
using System.IO;
using Xunit;

namespace Kernels.Samples.Upscale.Tests;

public class ArgumentsTests
{
    [Fact]
    public void Without_arguments_the_bundled_picture_goes_to_artifacts()
    {
        Arguments arguments = Arguments.Parse([]);

        Assert.Equal("chelsea.png", Path.GetFileName(arguments.Input));
        Assert.Equal(Path.Combine("artifacts", "chelsea-2x.png"), arguments.Output);
        Assert.Equal(Path.Combine("artifacts", "chelsea-2x-side-by-side.png"), arguments.SideBySide);
    }

    [Fact]
    public void The_output_is_where_the_user_says()
    {
        Arguments arguments = Arguments.Parse(["in.jpg", "out/big.PNG"]);

        Assert.Equal("in.jpg", arguments.Input);
        Assert.Equal("out/big.PNG", arguments.Output);
    }

    [Fact]
    public void A_model_is_chosen_by_name()
    {
        Assert.Equal("upconv_7", Arguments.Parse([]).Model.Name);
        Arguments arguments = Arguments.Parse(["--model", "cunet", "in.png"]);

        Assert.Equal(("cunet", "in.png"), (arguments.Model.Name, arguments.Input));
        Assert.Contains("cunet", Assert.Throws<UserException>(() => Arguments.Parse(["--model", "other"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_is_no_png_is_refused()
    {
        var exception = Assert.Throws<UserException>(() => Arguments.Parse(["in.png", "out.jpg"]));

        Assert.Contains("out.jpg", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_and_too_many_arguments_give_the_usage()
    {
        Assert.Equal(Arguments.Usage, Assert.Throws<UserException>(() => Arguments.Parse(["--help"])).Message);
        Assert.Equal(Arguments.Usage, Assert.Throws<UserException>(() => Arguments.Parse(["a.png", "b.png", "c"])).Message);
    }
}
