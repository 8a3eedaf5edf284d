using System;
using Kernels.Layers;
using Kernels.Quantization;
using Xunit;

namespace Kernels.Tests.Quantization;

public class QConfigTests
{
    [Theory]
    [InlineData("x86", typeof(HistogramObserver), 127, typeof(PerChannelMinMaxObserver))]
    [InlineData("fbgemm", typeof(HistogramObserver), 127, typeof(PerChannelMinMaxObserver))]
    [InlineData("qnnpack", typeof(HistogramObserver), 255, typeof(MinMaxObserver))]
    [InlineData("onednn", typeof(HistogramObserver), 255, typeof(PerChannelMinMaxObserver))]
    [InlineData("full range", typeof(MinMaxObserver), 255, typeof(PerChannelMinMaxObserver))]
    [InlineData("x86 training", typeof(MovingAverageMinMaxObserver), 127, typeof(MovingAveragePerChannelMinMaxObserver))]
    [InlineData("fbgemm training", typeof(MovingAverageMinMaxObserver), 127, typeof(MovingAveragePerChannelMinMaxObserver))]
    [InlineData("qnnpack training", typeof(MovingAverageMinMaxObserver), 255, typeof(MovingAverageMinMaxObserver))]
    [InlineData("onednn training", typeof(MovingAverageMinMaxObserver), 255, typeof(MovingAveragePerChannelMinMaxObserver))]
    [InlineData("full range training", typeof(MinMaxObserver), 255, typeof(MovingAveragePerChannelMinMaxObserver))]
    public void Presets_observe_as_PyTorchs_do(string name, Type activation, int highest, Type weight)
    {
        QConfig config = name switch
        {
            "x86" => QConfig.X86,
            "fbgemm" => QConfig.Fbgemm,
            "qnnpack" => QConfig.Qnnpack,
            "onednn" => QConfig.OneDnn,
            "full range" => QConfig.FullRange,
            "x86 training" => QConfig.X86Training,
            "fbgemm training" => QConfig.FbgemmTraining,
            "qnnpack training" => QConfig.QnnpackTraining,
            "onednn training" => QConfig.OneDnnTraining,
            _ => QConfig.FullRangeTraining,
        };
        IObserver activationObserver = config.Activation();
        IObserver weightObserver = config.Weight();
        Assert.IsType(activation, activationObserver);
        Assert.IsType(weight, weightObserver);
        Assert.NotSame(activationObserver, config.Activation());
        Assert.Equal((0, highest), (activationObserver.Settings.Lowest, activationObserver.Settings.Highest));
        Assert.Equal((-128, 127), (weightObserver.Settings.Lowest, weightObserver.Settings.Highest));
        Assert.Equal(QuantizationScheme.Symmetric, weightObserver.Settings.Qscheme);
        Assert.Equal(QuantizedDtype.Qint8, weightObserver.Settings.Dtype);
        Assert.IsType(weight, config.CreateWeightFakeQuantize().Observer);
        Assert.IsType(activation, config.CreateActivationFakeQuantize().Observer);
    }

    [Fact]
    public void A_name_beats_a_pattern_beats_a_type_beats_the_global_one()
    {
        QConfigMapping mapping = QConfigMapping.Uniform(QConfig.X86)
            .SetObjectType(ConvolutionKind.Conv2d, QConfig.Qnnpack)
            .SetModuleNameRegex("up.*", QConfig.OneDnn)
            .SetModuleNameRegex("up1.*", QConfig.Fbgemm)
            .SetModuleName("up1.conv", QConfig.FullRange);

        Assert.Same(QConfig.X86, mapping.Resolve("down", ConvolutionKind.ConvTranspose2d));
        Assert.Same(QConfig.Qnnpack, mapping.Resolve("down", ConvolutionKind.Conv2d));
        Assert.Same(QConfig.OneDnn, mapping.Resolve("up1.other", ConvolutionKind.Conv2d));
        Assert.Same(QConfig.FullRange, mapping.Resolve("up1.conv", ConvolutionKind.Conv2d));
        Assert.Same(QConfig.Qnnpack, mapping.Resolve("not up", ConvolutionKind.Conv2d));
    }

    [Fact]
    public void Null_keeps_a_layer_in_float_and_a_later_setting_replaces_an_earlier_one()
    {
        QConfigMapping mapping = QConfigMapping.Uniform(QConfig.X86).SetModuleName("last", null).SetModuleNameRegex("a", QConfig.X86).SetModuleNameRegex("a", null);
        Assert.Null(mapping.Resolve("last", "Linear"));
        Assert.Null(mapping.Resolve("a", "Linear"));
        Assert.Same(QConfig.X86, mapping.Resolve("b", "Linear"));
        Assert.Null(new QConfigMapping().Resolve("b", "Linear"));
    }

    [Fact]
    public void PyTorchs_mapping_gives_transposed_layers_one_scale_and_bounded_functions_fixed_parameters()
    {
        QConfigMapping mapping = QConfigMapping.PyTorch(QConfig.X86);
        Assert.IsType<MinMaxObserver>(mapping.Resolve("a", ConvolutionKind.ConvTranspose2d)!.Weight());
        Assert.IsType<PerChannelMinMaxObserver>(mapping.Resolve("a", ConvolutionKind.Conv2d)!.Weight());
        Assert.Equal(1 / 256f, mapping.Resolve("a", "Sigmoid")!.Activation().CalculateQuantizationParameters().Scale);
        Assert.Equal(128, mapping.Resolve("a", "Tanh")!.Activation().CalculateQuantizationParameters().ZeroPoint);
        Assert.IsType<PerChannelMinMaxObserver>(QConfigMapping.Uniform(QConfig.FullRange).Resolve("a", ConvolutionKind.ConvTranspose2d)!.Weight());
    }
}
