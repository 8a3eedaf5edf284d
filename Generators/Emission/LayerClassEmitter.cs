using Kernels.Generators.Specs;

namespace Kernels.Generators.Emission;

/// <summary>The public part of a generated layer: what the user calls.</summary>
internal static class LayerClassEmitter
{
    /// <summary>Emits the class.</summary>
    public static void Emit(CodeWriter code, AnnotatedLayer model)
    {
        string name = model.Type.Name;
        string kernel = KernelEmitter.FullName(model.Layer);
        code.Line(FileHead.GeneratedCode);
        code.Open($"{model.Type.Declaration} : global::Kernels.Layers.IQuantizedConvolution<{name}>");
        code.Lines($$"""
            private readonly {{kernel}} _kernel;

            private {{name}}({{kernel}} kernel) => _kernel = kernel;

            /// <inheritdoc/>
            public static global::Kernels.Layers.ConvolutionSpec Spec => {{kernel}}.Spec;

            /// <inheritdoc/>
            public global::Kernels.Quantization.QuantizationParameters InputQuantization => _kernel.InputQuantization;

            /// <inheritdoc/>
            public global::Kernels.Quantization.QuantizationParameters OutputQuantization => _kernel.OutputQuantization;

            /// <summary>The weights as the kernel reads them: how they are held, and how many bytes they take.</summary>
            public global::Kernels.Packing.PackedConvolution Packed => _kernel.Packed;

            /// <inheritdoc/>
            public static {{name}} Create(global::Kernels.QuantizedWeight weight, global::System.ReadOnlySpan<float> bias, global::Kernels.Quantization.QuantizationParameters input, global::Kernels.Quantization.QuantizationParameters output) =>
                new({{kernel}}.Create(weight, bias, input, output));

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
        code.Line().Lines(model.IsLinear ? RunRows : RunImages).Line().Lines("""
            /// <summary>Runs the layer over a tensor.</summary>
            /// <param name="x">The input, with the layer's <see cref="InputQuantization"/>.</param>
            /// <returns>A new tensor with <see cref="OutputQuantization"/>.</returns>
            public global::Kernels.QuantizedTensor Forward(global::Kernels.QuantizedTensor x) =>
                global::Kernels.Layers.QuantizedLayerExtensions.Forward(this, x);
            """);
        code.Close();
    }

    private const string RunImages = """
        /// <summary>Runs the layer over one image.</summary>
        /// <param name="input">Codes in order h, w, c.</param>
        /// <param name="height">Rows of the image.</param>
        /// <param name="width">Columns of the image.</param>
        /// <param name="output">Receives the codes in order h, w, c.</param>
        public void Run(global::System.ReadOnlySpan<byte> input, int height, int width, global::System.Span<byte> output) =>
            Run(input, 1, height, width, output);

        /// <inheritdoc/>
        public void Run(global::System.ReadOnlySpan<byte> input, int batch, int height, int width, global::System.Span<byte> output) =>
            _kernel.Run(input, batch, height, width, output);
        """;

    private const string RunRows = """
        /// <summary>Runs the layer over rows.</summary>
        /// <param name="input">Codes, row by row.</param>
        /// <param name="rows">How many rows.</param>
        /// <param name="output">Receives the codes, row by row. Must not overlap the input.</param>
        /// <exception cref="global::System.ArgumentException">A span is shorter than its rows.</exception>
        public void Run(global::System.ReadOnlySpan<byte> input, int rows, global::System.Span<byte> output) =>
            global::Kernels.Execution.LinearRows.Run(_kernel, Spec, input, rows, output);

        /// <inheritdoc/>
        /// <remarks>Every pixel of every image is a row.</remarks>
        public void Run(global::System.ReadOnlySpan<byte> input, int batch, int height, int width, global::System.Span<byte> output) =>
            global::Kernels.Execution.LinearRows.Run(_kernel, Spec, input, batch, height, width, output);
        """;
}
