using System;

namespace Kernels.Models;

/// <summary>How long a step of a model takes.</summary>
/// <param name="Name">The layer's name; empty where the model turns between float and int8.</param>
/// <param name="Type">PyTorch's name of its type.</param>
/// <param name="Time">The median of several runs.</param>
public sealed record StepTime(string Name, string Type, TimeSpan Time);
