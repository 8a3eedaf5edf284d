using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Onnx.Lowering;

namespace Kernels.Tool.Source;

/// <summary>A block as a class.</summary>
/// <param name="Name">The class.</param>
/// <param name="Start">Place of the first step of its first occurrence.</param>
/// <param name="Length">How many steps.</param>
/// <param name="Layers">Names of its layers' methods, by their distance from the first step.</param>
internal sealed record BlockClass(string Name, int Start, int Length, IReadOnlyDictionary<int, string> Layers);

/// <summary>An occurrence of a block.</summary>
/// <param name="Class">Its class.</param>
/// <param name="Method">The method that stands for it.</param>
/// <param name="Start">Place of its first step.</param>
internal sealed record BlockCall(BlockClass Class, string Method, int Start)
{
    /// <summary>Place of its last step, which is the number of the value that it makes.</summary>
    public int Last => Start + Class.Length - 1;
}

/// <summary>What becomes a method, what a class, and how they are called.</summary>
internal sealed class SourcePlan
{
    private readonly IReadOnlyList<Step> _steps;
    private readonly string _prefix;

    /// <summary>Plans the source of a network.</summary>
    /// <param name="steps">Its steps.</param>
    /// <param name="name">Its class.</param>
    public SourcePlan(IReadOnlyList<Step> steps, string name)
    {
        _steps = steps;
        _prefix = Prefix([.. steps.Select(static step => First(step.Name))]);
        HashSet<string> taken = [name, .. Names.OfClassesOfNetworks];
        IReadOnlyList<RepeatedBlock> blocks = RepeatedBlocks.Find(steps);
        foreach (RepeatedBlock block in blocks)
        {
            var type = new BlockClass(Names.Unique(Kind(block), taken), block.Starts[0], block.Length, LayersOf(block));
            Classes.Add(type);
            foreach (int start in block.Starts)
            {
                Calls[start] = new BlockCall(type, "", start);
            }
        }

        // Methods get their names in the order of the file.
        var inside = new HashSet<int>(Calls.Values.SelectMany(static call => Enumerable.Range(call.Start, call.Class.Length)));
        for (int place = 1; place <= steps.Count; place++)
        {
            if (Calls.TryGetValue(place, out BlockCall? call))
            {
                Calls[place] = call = call with { Method = Names.Unique(MethodOf(call), taken) };
                foreach ((int offset, string layer) in call.Class.Layers)
                {
                    FullNames[place + offset] = $"{call.Method}.{layer}";
                }
            }
            else if (!inside.Contains(place) && IsLayer(steps[place - 1]))
            {
                FullNames[place] = Layers[place] = Names.Unique(Names.Pascal(Short(steps[place - 1])), taken);
            }
        }
    }

    /// <summary>The classes of blocks, in the order in which they save most.</summary>
    public List<BlockClass> Classes { get; } = [];

    /// <summary>Where blocks stand, by the place of their first step.</summary>
    public SortedDictionary<int, BlockCall> Calls { get; } = [];

    /// <summary>Methods of layers outside blocks, by their place.</summary>
    public SortedDictionary<int, string> Layers { get; } = [];

    /// <summary>The names of all layers, which those of their tensors start with: those in blocks have the block's method and a dot before theirs.</summary>
    public SortedDictionary<int, string> FullNames { get; } = [];

    /// <summary>Whether a step has tensors, so that a method stands for it.</summary>
    public static bool IsLayer(Step step) => step.Operation.Weights is not null || step.Operation.Tensors.Count > 0;

    /// <summary>The name of a step without what all names start with.</summary>
    public string Short(Step step) => First(step.Name)[_prefix.Length..];

    // TensorFlow Lite joins the names of all that became one layer.
    private static string First(string name) => name.IndexOf(';', StringComparison.Ordinal) is > 0 and var end ? name[..end] : name;

    /// <summary>The one value that a run of steps reads from before it.</summary>
    public int Input(int start, int length) => _steps.Skip(start - 1).Take(length).SelectMany(static step => step.Inputs).First(input => input < start);

    /// <summary>What names start with in common, up to a dot or slash: exporters put names of modules there.</summary>
    private static string Prefix(IReadOnlyList<string> names)
    {
        string first = names[0];
        int length = 0;
        for (int i = 0; i < first.Length && names.All(name => name.Length > i + 1 && name[i] == first[i]); i++)
        {
            length = first[i] is '.' or '/' ? i + 1 : length;
        }

        return first[..length];
    }

    // What it does, and how many channels it makes.
    private string Kind(RepeatedBlock block)
    {
        Step[] steps = [.. _steps.Skip(block.Starts[0] - 1).Take(block.Length)];
        bool isResidual = steps[^1] is { Operation.Function: "Add" } sum && sum.Inputs.Contains(Input(block.Starts[0], block.Length));
        bool isGated = steps.Any(static step => step.Operation.Function is "GlobalAvgPool2d" or "Mean") && steps.Any(static step => step.Operation.Function == "Mul");
        return $"{(isGated ? "Gated" : "")}{(isResidual ? "Residual" : isGated ? "" : "Block")}{steps[^1].Shape.C}";
    }

    // Where every occurrence has the names of a module of its own, what they say within it; else numbers.
    private Dictionary<int, string> LayersOf(RepeatedBlock block)
    {
        int[] offsets = [.. Enumerable.Range(0, block.Length).Where(offset => IsLayer(_steps[block.Starts[0] + offset - 1]))];
        string[][] names = [.. block.Starts.Select(start => Within(start, block.Length, offsets))];
        bool areAlike = names.All(other => other.SequenceEqual(names[0], StringComparer.Ordinal));
        HashSet<string> taken = [.. Names.OfClassesOfNetworks];
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        return offsets.Zip(names[0]).ToDictionary(static pair => pair.First, pair => Names.Unique(areAlike ? Names.Pascal(pair.Second) : Numbered(pair.First), taken));

        string Numbered(int offset)
        {
            string function = Function(_steps[block.Starts[0] + offset - 1]);
            counts[function] = counts.GetValueOrDefault(function) + 1;
            return $"{function}{counts[function]}";
        }
    }

    private string[] Within(int start, int length, int[] offsets)
    {
        string prefix = Prefix([.. Enumerable.Range(start, length).Where(place => IsLayer(_steps[place - 1])).Select(place => _steps[place - 1].Name)]);
        return [.. offsets.Select(offset => _steps[start + offset - 1].Name[prefix.Length..])];
    }

    private static string Function(Step step) => step.Operation.Function switch
    {
        "Conv2d" => "Conv",
        "ConvTranspose2d" => "Up",
        var function => function,
    };

    // The module's name where each occurrence has one of its own, or the first layer's.
    private string MethodOf(BlockCall call)
    {
        string module = Module(call);
        bool isOwn = module.Length > 0 && Calls.Values.Count(other => other.Class == call.Class && Module(other) == module) == 1;
        return isOwn ? Names.Pascal(module) : Names.Pascal(Short(_steps[call.Start + call.Class.Layers.Keys.Min() - 1])) + "Block";
    }

    private string Module(BlockCall call) => Prefix([.. call.Class.Layers.Keys.Select(offset => _steps[call.Start + offset - 1].Name)])[_prefix.Length..];
}
