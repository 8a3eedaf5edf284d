using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Fusion;
using Kernels.Layers;
using Xunit;

namespace Kernels.Tests.Shared;

public class FusionPlannerTests
{
    private readonly List<FusionNode> _nodes = [];

    [Fact]
    public void Functions_are_named_and_numbered_as_those_of_epilogues() =>
        Assert.Equal(
            Enum.GetValues<EpilogueFunction>().Select(static function => (function.ToString(), (int)function)),
            Enum.GetValues<FusedFunction>().Select(static function => (function.ToString(), (int)function)));

    [Fact]
    public void A_convolution_takes_the_functions_behind_it_and_one_sum()
    {
        int skip = Weighted(0);
        int conv = Function(FusedFunction.HardSwish, Function(FusedFunction.ChannelAffine, Weighted(skip)));
        Function(FusedFunction.Relu6, Add(skip, conv));

        Assert.Equal(["0:", "1-2-3-4-5:HardSwish+Add+Relu6 folds 2, adds 1"], Plan());
    }

    [Fact]
    public void A_value_that_others_read_ends_its_group()
    {
        int conv = Weighted(0);
        int swish = Function(FusedFunction.HardSwish, conv);
        Add(swish, conv);

        Assert.Equal(["0:", "1:", "2:"], Plan());
    }

    [Fact]
    public void Of_two_convolutions_the_later_takes_the_sum()
    {
        Add(Function(FusedFunction.Relu, Weighted(0)), Weighted(0));

        Assert.Equal(["0-1:PyTorch's Relu", "2-3:Add adds 2"], Plan());
    }

    [Fact]
    public void A_second_sum_is_a_step_of_its_own_unless_another_convolution_takes_it()
    {
        int first = Add(Weighted(0), 0);
        Add(first, 0);

        Assert.Equal(["0-1:Add adds 0", "2:"], Plan());
    }

    [Fact]
    public void A_value_added_to_itself_is_no_second_value()
    {
        int conv = Weighted(0);
        Add(conv, conv);

        Assert.Equal(["0:", "1:"], Plan());
    }

    [Fact]
    public void One_pixel_is_not_added_to_an_image()
    {
        _nodes.Add(new FusionNode(FusionKind.Other, [0]) { MakesOnePixel = true });
        _nodes.Add(new FusionNode(FusionKind.Weighted, [1]) { KeepsPixels = true });
        int image = Weighted(0);
        Add(image, 2);

        Assert.Equal(["0:", "1:", "2:", "3:"], Plan());
    }

    [Fact]
    public void One_function_that_PyTorchs_kernels_have_keeps_their_numbers()
    {
        Function(FusedFunction.LeakyRelu, Weighted(Function(FusedFunction.Relu6, Function(FusedFunction.ChannelAffine, Weighted(0)))));
        _nodes.Add(new FusionNode(FusionKind.Weighted, [_nodes.Count]) { IsLinear = true });
        Function(FusedFunction.LeakyRelu, _nodes.Count);

        Assert.Equal(["0-1-2:PyTorch's Relu6 folds 1", "3-4:PyTorch's LeakyRelu", "5-6:LeakyRelu"], Plan());
    }

    [Fact]
    public void A_generated_kernel_stays_as_it_is_and_a_sum_takes_a_relu()
    {
        _nodes.Add(new FusionNode(FusionKind.Weighted, [0]) { IsFixed = true });
        int swish = Function(FusedFunction.HardSwish, 1);
        Function(FusedFunction.Relu, Add(swish, 0));

        Assert.Equal(["0:", "1:", "2-3:PyTorch's Relu"], Plan());
    }

    [Fact]
    public void The_output_of_a_network_is_a_value_that_is_read()
    {
        int conv = Weighted(0);
        Function(FusedFunction.Relu, conv);

        Assert.Equal(["0:", "1:"], FusionPlanner.Plan(_nodes, conv).Select(Text));
    }

    [Fact]
    public void An_activation_that_is_there_already_comes_first()
    {
        _nodes.Add(new FusionNode(FusionKind.Weighted, [0]) { Activation = FusedFunction.Relu });
        Function(FusedFunction.ChannelAffine, 1);

        Assert.Equal(["0-1:Relu+ChannelAffine"], Plan());
    }

    private int Weighted(int input) => Node(new FusionNode(FusionKind.Weighted, [input]));

    private int Function(FusedFunction function, int input) => Node(new FusionNode(FusionKind.Function, [input]) { Function = function });

    private int Add(int first, int second) => Node(new FusionNode(FusionKind.Add, [first, second]));

    private int Node(FusionNode node)
    {
        _nodes.Add(node);
        return _nodes.Count;
    }

    private IEnumerable<string> Plan() => FusionPlanner.Plan(_nodes, _nodes.Count).Select(Text);

    private static string Text(FusionGroup group) =>
        $"{string.Join('-', group.Nodes)}:{(group.Activation is { } own ? $"PyTorch's {own}" : string.Join('+', group.Functions))}"
        + (group.FoldedBatchNorm >= 0 ? $" folds {group.FoldedBatchNorm}{(group.Second >= 0 ? "," : string.Empty)}" : string.Empty)
        + (group.Second >= 0 ? $" adds {group.Second}" : string.Empty);
}
