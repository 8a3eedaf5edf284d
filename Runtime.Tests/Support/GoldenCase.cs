using System.Linq;
using System.Text.Json;
using Kernels.Models;

namespace Kernels.Tests.Support;

/// <summary>One case of a golden file: parameters from its metadata, tensors named after its id.</summary>
public sealed class GoldenCase(JsonElement parameters, SafetensorsFile file)
{
    public string Id { get; } = parameters.GetProperty("id").GetString()!;

    public bool Has(string name) => parameters.TryGetProperty(name, out _);

    public int Int(string name) => parameters.GetProperty(name).GetInt32();

    /// <summary>The float32 that Python printed as a double.</summary>
    public float Float(string name) => (float)parameters.GetProperty(name).GetDouble();

    public bool Bool(string name) => parameters.GetProperty(name).GetBoolean();

    public string Text(string name) => parameters.GetProperty(name).GetString()!;

    public int[] Ints(string name) => parameters.GetProperty(name).EnumerateArray().Select(static e => e.GetInt32()).ToArray();

    public bool HasTensor(string name) => file.Tensors.ContainsKey($"{Id}.{name}");

    public SafetensorsTensor Tensor(string name) => file[$"{Id}.{name}"];

    /// <summary>Id and parameters, for messages.</summary>
    public override string ToString() => parameters.GetRawText();
}
