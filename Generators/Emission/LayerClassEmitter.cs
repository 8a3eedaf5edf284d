using Kernels.Generators.Planning;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>The public part of a generated layer: what the user calls.</summary>
internal static class LayerClassEmitter
{
    private const string Version = "0.1.0";

    /// <summary>Emits the class.</summary>
    public static void Emit(CodeWriter code, AnnotatedLayer model, KernelPlan plan, string packedType)
    {
        string name = model.Type.Name;
        code.Line($"[global::System.CodeDom.Compiler.GeneratedCode(\"Kernels.Generators\", \"{Version}\")]");
        LayerSpec spec = model.Layer;
        code.Open($"{model.Type.Declaration} : global::Kernels.Layers.IQuantizedConvolution<{name}>{(spec.HasSecond ? ", global::Kernels.Layers.IResidualLayer" : string.Empty)}");
        code.Lines($$"""
            private readonly global::Kernels.Packing.{{packedType}} _packed;

            private {{name}}(global::Kernels.Packing.{{packedType}} packed) => _packed = packed;

            /// <inheritdoc/>
            public static global::Kernels.Layers.ConvolutionSpec Spec => global::Kernels.Generated.Kernel.Spec;

            /// <inheritdoc/>
            public global::Kernels.Quantization.QuantizationParameters InputQuantization => _packed.InputQuantization;

            /// <inheritdoc/>
            public global::Kernels.Quantization.QuantizationParameters OutputQuantization => _packed.OutputQuantization;

            /// <summary>The weights as the kernel reads them: how they are held, and how many bytes they take.</summary>
            public global::Kernels.Packing.PackedConvolution Packed => _packed;

            /// <inheritdoc/>
            public static {{name}} Create(global::Kernels.QuantizedWeight weight, global::System.ReadOnlySpan<float> bias, global::Kernels.Quantization.QuantizationParameters input, global::Kernels.Quantization.QuantizationParameters output) =>
                new(global::Kernels.Packing.{{packedType}}.Pack(global::Kernels.Generated.Kernel.Layout, global::Kernels.Generated.Kernel.Code, weight, bias, input, output));

            /// <summary>Quantizes float weights by the layer's weight scheme and packs them.</summary>
            /// <param name="weight">Float32 weights in PyTorch's order.</param>
            /// <param name="bias">Float32 bias, one an output channel; empty when the layer has none.</param>
            /// <param name="input">Scale and zero point of the input.</param>
            /// <param name="output">Scale and zero point of the output.</param>
            /// <returns>The layer.</returns>
            public static {{name}} Create(global::Kernels.FloatWeight weight, global::System.ReadOnlySpan<float> bias, global::Kernels.Quantization.QuantizationParameters input, global::Kernels.Quantization.QuantizationParameters output) =>
                Create(global::Kernels.Quantization.WeightQuantizer.Quantize(weight, Spec), bias, input, output);

            /// <inheritdoc/>
            public global::Kernels.Shape4 OutputShape(global::Kernels.Shape4 input) => Spec.OutputShape(input);
            """);
        if (spec.IsFused)
        {
            code.Line().Lines($"""
                /// <inheritdoc/>
                public static global::Kernels.Layers.IQuantizedLayer Create(global::Kernels.QuantizedWeight weight, global::System.ReadOnlySpan<float> bias, global::Kernels.Quantization.QuantizationParameters input, global::Kernels.Quantization.QuantizationParameters output, global::Kernels.Layers.EpilogueParameters? epilogue) =>
                    new {name}(global::Kernels.Packing.{packedType}.Pack(global::Kernels.Generated.Kernel.Layout, global::Kernels.Generated.Kernel.Code, weight, bias, input, output, epilogue));
                """);
        }

        if (spec.HasSecond)
        {
            code.Line().Lines("""
                /// <inheritdoc/>
                public global::Kernels.Quantization.QuantizationParameters SecondQuantization => _packed.SecondQuantization!.Value;
                """);
        }

        code.Line().Lines(model.IsLinear ? RunRows(plan, model.Layer) : spec.HasSecond ? RunResiduals() : RunImages()).Line().Lines("""
            /// <summary>Runs the layer over a tensor.</summary>
            /// <param name="x">The input, with the layer's <see cref="InputQuantization"/>.</param>
            /// <returns>A new tensor with <see cref="OutputQuantization"/>.</returns>
            public global::Kernels.QuantizedTensor Forward(global::Kernels.QuantizedTensor x) =>
                global::Kernels.Layers.QuantizedLayerExtensions.Forward(this, x);
            """);
        code.Close();
    }

    private static string RunImages() => """
        /// <summary>Runs the layer over one image.</summary>
        /// <param name="input">Codes in order h, w, c.</param>
        /// <param name="height">Rows of the image.</param>
        /// <param name="width">Columns of the image.</param>
        /// <param name="output">Receives the codes in order h, w, c.</param>
        public void Run(global::System.ReadOnlySpan<byte> input, int height, int width, global::System.Span<byte> output) =>
            Run(input, 1, height, width, output);

        /// <inheritdoc/>
        public void Run(global::System.ReadOnlySpan<byte> input, int batch, int height, int width, global::System.Span<byte> output) =>
            global::Kernels.Generated.Kernel.Run(_packed, input, batch, height, width, output);
        """;

    private static string RunResiduals() => """
        /// <inheritdoc/>
        public void Run(global::System.ReadOnlySpan<byte> input, int batch, int height, int width, global::System.Span<byte> output) =>
            throw global::Kernels.Execution.LayerGuard.NoSecond(Spec);

        /// <inheritdoc/>
        public void Run(global::System.ReadOnlySpan<byte> input, global::System.ReadOnlySpan<byte> second, int batch, int height, int width, global::System.Span<byte> output) =>
            global::Kernels.Generated.Kernel.Run(_packed, input, second, batch, height, width, output);
        """;

    private static string RunRows(KernelPlan plan, LayerSpec spec) => $$"""
        /// <summary>Runs the layer over rows.</summary>
        /// <param name="input">Codes, row by row.</param>
        /// <param name="rows">How many rows.</param>
        /// <param name="output">Receives the codes, row by row. Must not overlap the input.</param>
        /// <exception cref="global::System.ArgumentException">A span is shorter than its rows.</exception>
        public void Run(global::System.ReadOnlySpan<byte> input, int rows, global::System.Span<byte> output)
        {
            // Rows are the pixels of images 1 high, so that they share register tiles; images end, so that scratch memory does.
            global::Kernels.Execution.LayerGuard.CheckRun(Spec, input, 1, 1, rows, output);
            int portion = global::Kernels.Execution.KernelRun.Portion(rows, work: {{Text.Number(KernelFrame.Work(plan))}});
            int rest = rows % portion;
            if (rows > rest)
            {
                global::Kernels.Generated.Kernel.Run(_packed, input, rows / portion, 1, portion, output);
            }

            if (rest > 0)
            {
                global::Kernels.Generated.Kernel.Run(_packed, input.Slice((rows - rest) * {{Text.Number(spec.InChannels)}}), 1, 1, rest, output.Slice((rows - rest) * {{Text.Number(spec.OutChannels)}}));
            }
        }

        /// <inheritdoc/>
        /// <remarks>Every pixel of every image is a row.</remarks>
        public void Run(global::System.ReadOnlySpan<byte> input, int batch, int height, int width, global::System.Span<byte> output)
        {
            global::Kernels.Shape4 shape = OutputShape(new global::Kernels.Shape4(batch, {{Text.Number(spec.InChannels)}}, height, width));
            Run(input, shape.N * shape.H * shape.W, output);
        }
        """;
}
