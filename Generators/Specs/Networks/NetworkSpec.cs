namespace Kernels.Generators.Specs;

/// <summary>A partial method of a network's class that the generator writes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Declaration">Modifiers, type, name and parameter, as they must be repeated.</param>
/// <param name="Parameter">The parameter's name.</param>
/// <param name="Weights">What the names of its tensors start with; nothing for the method's name.</param>
internal abstract record LayerMethod(string Name, string Declaration, string Parameter, string? Weights);

/// <summary>A layer with a kernel.</summary>
internal sealed record KernelMethod(string Name, string Declaration, string Parameter, string? Weights, LayerSpec Layer, bool IsLinear)
    : LayerMethod(Name, Declaration, Parameter, Weights);

/// <summary>A layer with tensors, but without a kernel, such as a batch norm.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Declaration">Modifiers, type, name and parameter.</param>
/// <param name="Parameter">The parameter's name.</param>
/// <param name="Weights">What the names of its tensors start with.</param>
/// <param name="Operation">PyTorch's name of its type.</param>
/// <param name="Arguments">Its numbers, in the order of the runtime's.</param>
internal sealed record ParameterMethod(string Name, string Declaration, string Parameter, string? Weights, string Operation, EquatableArray<ParameterArgument> Arguments)
    : LayerMethod(Name, Declaration, Parameter, Weights);

/// <summary>A number of a layer with tensors, but without a kernel.</summary>
/// <param name="Name">The parameter of the runtime's method.</param>
/// <param name="Value">An int or a float.</param>
internal sealed record ParameterArgument(string Name, object Value);

/// <summary>Another network, or an annotated layer class.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Declaration">Modifiers, type, name and parameter.</param>
/// <param name="Parameter">The parameter's name.</param>
/// <param name="Weights">What the names of its tensors start with.</param>
/// <param name="TypeName">The class, as generated code names it.</param>
/// <param name="Layer">What it computes, when it is a layer.</param>
/// <param name="IsLinear">Whether it is a linear layer.</param>
internal sealed record BlockMethod(string Name, string Declaration, string Parameter, string? Weights, string TypeName, LayerSpec? Layer, bool IsLinear)
    : LayerMethod(Name, Declaration, Parameter, Weights);

/// <summary>A class annotated as a network. The pipeline's unit of caching.</summary>
/// <param name="Type">Where its code goes.</param>
/// <param name="Methods">The methods to write.</param>
/// <param name="Graph">What its code does; nothing where it cannot be read.</param>
/// <param name="InputChannels">Channels of the input that its attribute says; 0 for none.</param>
/// <param name="Fuse">Whether functions may be computed within the layers before them.</param>
internal sealed record NetworkSpec(TypeSpec Type, EquatableArray<LayerMethod> Methods, GraphSpec? Graph, int InputChannels, bool Fuse);
