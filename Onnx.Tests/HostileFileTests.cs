using System;
using System.IO;
using System.Linq;
using Google.Protobuf;
using Kernels.Onnx.Protos;
using Kernels.Onnx.Tests.Nodes;
using Xunit;

namespace Kernels.Onnx.Tests;

/// <summary>Damaged and malicious files give a typed exception, and no memory that they do not have themselves.</summary>
public sealed class HostileFileTests
{
    [Fact]
    public void A_file_cut_off_anywhere_gives_a_typed_exception()
    {
        byte[] file = File.ReadAllBytes(Files.KeywordsOperators);
        for (int length = 0; length < file.Length; length += 97)
        {
            Assert.Throws<TypedException>(() => LoadTyped(file.AsSpan(0, length).ToArray()));
        }
    }

    [Fact]
    public void Files_with_changed_bytes_load_or_give_a_typed_exception()
    {
        var random = new Random(1);
        byte[][] files = [File.ReadAllBytes(Files.KeywordsOperators), File.ReadAllBytes(Files.KeywordsQdq), .. NodeFiles.Names.Where(static (_, i) => i % 7 == 0).Select(static name => NodeFiles.Test(name).Model)];
        foreach (byte[] original in files)
        {
            for (int i = 0; i < 40; i++)
            {
                byte[] file = [.. original];
                for (int change = random.Next(1, 6); change > 0; change--)
                {
                    // Rather in the structure at either end than in weights.
                    int range = Math.Min(file.Length, 3000);
                    int at = random.Next(2) == 0 ? random.Next(range) : file.Length - 1 - random.Next(range);
                    file[at] = (byte)random.Next(256);
                }

                try
                {
                    LoadTyped(file);
                }
                catch (TypedException)
                {
                }
            }
        }
    }

    [Theory]
    [InlineData(new long[] { 1L << 40 })]
    [InlineData(new long[] { 1 << 20, 1 << 20 })]
    [InlineData(new long[] { -1 })]
    [InlineData(new long[] { int.MaxValue })]
    public void Dimensions_without_data_take_no_memory(long[] dims)
    {
        var tensor = new TensorProto { Name = "w", DataType = 1 };
        tensor.Dims.AddRange(dims);
        ModelProto model = Model("Relu", "x");
        model.Graph.Initializer.Add(tensor);
        AssertSmall<OnnxFormatException>(model);
    }

    [Fact]
    public void Constants_that_grow_when_they_are_computed_take_no_memory()
    {
        ModelProto model = Model("Add", "x", "huge");
        var shape = new TensorProto { Name = "shape", DataType = 7 };
        shape.Dims.Add(3);
        shape.Int64Data.AddRange([40_000, 40_000, 1]);
        model.Graph.Initializer.Add(shape);
        model.Graph.Node.Add(new NodeProto { OpType = "ConstantOfShape", Input = { "shape" }, Output = { "huge" } });
        AssertSmall<OnnxFormatException>(model);
    }

    [Theory]
    [InlineData("../secret.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("inside/../../secret.bin")]
    [InlineData("link.bin")]
    [InlineData("")]
    public void External_data_outside_of_the_folder_is_refused(string location)
    {
        string root = Directory.CreateTempSubdirectory("kernels-onnx-").FullName;
        string folder = Directory.CreateDirectory(Path.Combine(root, "model")).FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(root, "secret.bin"), new byte[64]);
            File.CreateSymbolicLink(Path.Combine(folder, "link.bin"), Path.Combine(root, "secret.bin"));
            string path = WriteExternal(folder, location);
            Assert.Throws<OnnxFormatException>(() => OnnxModel.Load(path));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void External_data_is_read_from_the_folder()
    {
        string folder = Directory.CreateTempSubdirectory("kernels-onnx-").FullName;
        try
        {
            byte[] bytes = new byte[20];
            BitConverter.TryWriteBytes(bytes.AsSpan(4), 2.5f);
            File.WriteAllBytes(Path.Combine(folder, "weights.bin"), bytes);
            OnnxModel model = OnnxModel.Load(WriteExternal(folder, "weights.bin"));
            Assert.Equal(3.5f, model.Float.Forward(FloatTensor.FromNchw(new Shape4(1, 1, 1, 4), [1, 1, 1, 1])).ToNchw()[0]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Nodes_that_read_each_other_are_refused()
    {
        ModelProto model = Model("Add", "x", "b");
        model.Graph.Node.Add(new NodeProto { OpType = "Relu", Input = { "y" }, Output = { "b" } });
        AssertSmall<OnnxFormatException>(model);
    }

    [Fact]
    public void A_reduction_of_codes_takes_memory_in_proportion_to_them()
    {
        ModelProto model = Model("Add", "x", "number");
        model.Graph.Initializer.Add(new TensorProto { Name = "codes", DataType = 3, Dims = { 64, 64 }, RawData = ByteString.CopyFrom(new byte[64 * 64]) });
        model.Graph.Node.Insert(0, new NodeProto { OpType = "ReduceMax", Input = { "codes" }, Output = { "greatest" } });
        model.Graph.Node.Insert(1, new NodeProto { OpType = "Cast", Input = { "greatest" }, Output = { "number" }, Attribute = { new AttributeProto { Name = "to", I = 1 } } });
        byte[] file = model.ToByteArray();
        long before = GC.GetAllocatedBytesForCurrentThread();

        OnnxModel.Load(file);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Fact]
    public void A_bias_of_another_length_than_the_channels_is_named_with_its_node()
    {
        ModelProto model = Model("Conv", "x", "w", "b");
        model.Graph.Initializer.Add(new TensorProto { Name = "w", DataType = 1, Dims = { 3, 1, 1, 1 }, FloatData = { 1, 2, 3 } });
        model.Graph.Initializer.Add(new TensorProto { Name = "b", DataType = 1, Dims = { 2 }, FloatData = { 1, 2 } });

        UnsupportedOnnxException exception = Assert.Throws<UnsupportedOnnxException>(() => OnnxModel.Load(model.ToByteArray()));

        Assert.Contains("bias", Assert.Single(exception.Nodes).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_that_takes_no_constant_is_named_with_its_node()
    {
        ModelProto model = Model("Mul", "x", "turned");
        model.Graph.Initializer.Add(new TensorProto { Name = "c", DataType = 1, Dims = { 1, 1, 1, 4 }, FloatData = { 1, 2, 3, 4 } });
        model.Graph.Node.Insert(0, new NodeProto { OpType = "Transpose", Input = { "c", "x" }, Output = { "turned" } });

        UnsupportedOnnxException exception = Assert.Throws<UnsupportedOnnxException>(() => OnnxModel.Load(model.ToByteArray()));

        Assert.Equal("Transpose", Assert.Single(exception.Nodes).Operator);
    }

    private static string WriteExternal(string folder, string location)
    {
        ModelProto model = Model("Add", "x", "w");
        var tensor = new TensorProto { Name = "w", DataType = 1, Dims = { 4 }, DataLocation = TensorProto.Types.DataLocation.External };
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = "4" });
        model.Graph.Initializer.Add(tensor);
        string path = Path.Combine(folder, "model.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    /// <summary>A model of one node that makes y of x [1, 1, 1, 4].</summary>
    private static ModelProto Model(string operation, params string[] inputs)
    {
        var node = new NodeProto { OpType = operation, Output = { "y" } };
        node.Input.AddRange(inputs);
        var shape = new TensorShapeProto();
        foreach (int size in (int[])[1, 1, 1, 4])
        {
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        }

        return new ModelProto
        {
            IrVersion = 8,
            OpsetImport = { new OperatorSetIdProto { Version = 17 } },
            Graph = new GraphProto
            {
                Node = { node },
                Input = { new ValueInfoProto { Name = "x", Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = shape } } } },
                Output = { new ValueInfoProto { Name = "y" } },
            },
        };
    }

    private static void AssertSmall<T>(ModelProto model)
        where T : Exception
    {
        byte[] file = model.ToByteArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<T>(() => OnnxModel.Load(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    private static void LoadTyped(byte[] file)
    {
        try
        {
            OnnxModel.Load(file);
        }
        catch (Exception exception) when (exception is OnnxFormatException or UnsupportedOnnxException)
        {
            throw new TypedException();
        }
    }

    private sealed class TypedException : Exception;
}
