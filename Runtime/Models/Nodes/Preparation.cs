using System;
using System.Collections.Generic;
using System.IO;
using Kernels.Quantization;

namespace Kernels.Models.Nodes;

/// <summary>Which nodes of a model become int8, and who watches its values.</summary>
internal sealed class Preparation
{
    // As PyTorch names the observer behind a module.
    // torch.finfo(torch.float32).eps
    private const float SmallestScale = 1.1920929e-7f;

    public const string StateSuffix = ".activation_post_process.";

    private Preparation(QConfig?[] configs, IObserver?[] observers)
    {
        Configs = configs;
        Observers = observers;
    }

    /// <summary>The configuration of each node; null for one that stays float.</summary>
    public QConfig?[] Configs { get; }

    /// <summary>The observer of each value, the model's input first; null for one that nothing reads as int8. Values of one scale have one observer.</summary>
    public IObserver?[] Observers { get; }

    /// <summary>Gives every value that an int8 layer reads or makes an observer.</summary>
    /// <param name="nodes">The model.</param>
    /// <param name="resolve">The configuration of a node, or null for float.</param>
    /// <exception cref="InvalidOperationException">Stubs are placed so that a layer would read int8 and float, or nothing would become int8.</exception>
    /// <exception cref="ArgumentException">An observer is not one of quint8.</exception>
    public static Preparation Of(ModelNode[] nodes, Func<ModelNode, QConfig?> resolve)
    {
        bool[] isInt8 = StubRegions.Of(nodes);
        var configs = new QConfig?[nodes.Length];
        var own = new IObserver?[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            if (isInt8[i] && !nodes[i].Layer.IsFloatOnly && resolve(nodes[i]) is { } config && ActivationObserver(config, nodes[i].Name) is not NoopObserver and var observer)
            {
                configs[i] = config;
                own[i] = nodes[i].Layer.FixedOutput is { } output && observer is not FixedQParamsObserver
                    ? new FixedQParamsObserver(output.Scale, output.ZeroPoint)
                    : observer;
            }
        }

        if (Array.TrueForAll(configs, static config => config is null))
        {
            throw new InvalidOperationException("Every layer would stay float: give at least one a configuration, and place QuantStub before it if the model has stubs.");
        }

        var observers = new IObserver?[nodes.Length + 1];
        for (int value = 0; value < observers.Length; value++)
        {
            observers[value] = value > 0 && own[value - 1] is { } ownObserver
                ? nodes[value - 1].Layer.SharesQuantization ? Shared(nodes[value - 1].Inputs, observers, ownObserver) : ownObserver
                : ForReaders(nodes, configs, value);
        }

        return new Preparation(configs, observers);
    }

    /// <summary>Each observer with the name of the first value that it watches, so that its state has a name.</summary>
    public IEnumerable<(string Name, IObserver Observer)> NamedObservers(ModelNode[] nodes)
    {
        var seen = new HashSet<IObserver>(ReferenceEqualityComparer.Instance);
        for (int value = 0; value < Observers.Length; value++)
        {
            if (Observers[value] is { } observer && seen.Add(observer))
            {
                yield return (value == 0 ? ModelBuilder.InputName : nodes[value - 1].Name, observer);
            }
        }
    }

    /// <summary>Scale and zero point of each value that is observed.</summary>
    /// <exception cref="InvalidOperationException">An observer has seen nothing, or has no scale.</exception>
    public QuantizationParameters?[] Parameters()
    {
        QuantizationParameters?[] parameters = Array.ConvertAll(Observers, ParametersOf);

        // The smallest scale that PyTorch gives: what an input of nothing but zeros has.
        return parameters[0] is { Scale: <= SmallestScale }
            ? throw new InvalidOperationException("Calibration saw nothing but zeros at the input: call Calibrate with typical inputs before Convert.")
            : parameters;
    }

    private static QuantizationParameters? ParametersOf(IObserver? observer) => observer switch
    {
        null => (QuantizationParameters?)null,
        // A placeholder never observes; it says itself why it cannot be converted.
        { HasObserved: false } and not PlaceholderObserver => throw new InvalidOperationException("Nothing was observed yet: call Calibrate with typical inputs before Convert."),
        _ => Calculate(observer),
    };

    // A range that was loaded or observed may have no float32 scale.
    private static QuantizationParameters Calculate(IObserver observer)
    {
        try
        {
            return observer.CalculateQuantizationParameters();
        }
        catch (ArgumentException exception)
        {
            throw new InvalidOperationException($"An observer has no scale for what it has seen. {exception.Message}", exception);
        }
    }

    private static IObserver ActivationObserver(QConfig config, string name)
    {
        IObserver observer = config.Activation() ?? throw new ArgumentException($"The configuration of {name} made no observer of activations: its factory returned null.", nameof(config));
        return observer.Settings.Dtype == QuantizedDtype.Quint8
            ? observer
            : throw new ArgumentException($"Activations are quint8, but the observer of {name} is of {observer.Settings.Dtype}: give it quint8.", nameof(config));
    }

    /// <summary>The observer of a layer that keeps its input's scale; several inputs come to share one.</summary>
    private static IObserver Shared(int[] inputs, IObserver?[] observers, IObserver own)
    {
        IObserver? shared = inputs.Length == 1 ? observers[inputs[0]] : null;
        foreach (int input in inputs)
        {
            // Fixed parameters fit one function only: such an input of a Cat keeps its own.
            if (observers[input] is not (null or FixedQParamsObserver) and var observer)
            {
                shared ??= observer;
                for (int i = 0; i < observers.Length; i++)
                {
                    observers[i] = ReferenceEquals(observers[i], observer) ? shared : observers[i];
                }
            }
        }

        return shared ?? own;
    }

    /// <summary>A value that no int8 layer makes is observed as the first int8 layer that reads it says.</summary>
    private static IObserver? ForReaders(ModelNode[] nodes, QConfig?[] configs, int value)
    {
        bool isRead = false;
        for (int i = 0; i < nodes.Length; i++)
        {
            if (configs[i] is { } config && Array.IndexOf(nodes[i].Inputs, value) >= 0)
            {
                isRead = true;
                IObserver observer = ActivationObserver(config, nodes[i].Name);
                if (observer is not FixedQParamsObserver || nodes[i].Layer.FixedOutput is null)
                {
                    return observer;
                }
            }
        }

        // What a configuration fixes for a sigmoid or tanh is its output; PyTorch's default has to do for its input.
        return isRead ? new HistogramObserver() : null;
    }

    /// <summary>Adds what the observers of the same model, prepared in the same way, have seen.</summary>
    public void Merge(Preparation other)
    {
        var done = new HashSet<IObserver>(ReferenceEqualityComparer.Instance);
        if (other.Observers.Length != Observers.Length)
        {
            throw new ArgumentException($"The models have {Configs.Length} and {other.Configs.Length} layers: merge only models that were built and prepared in the same way.", nameof(other));
        }

        for (int value = 0; value < Observers.Length; value++)
        {
            if ((Observers[value] is null) != (other.Observers[value] is null))
            {
                throw new ArgumentException("The models were not prepared in the same way: give both the same configurations.", nameof(other));
            }

            if (Observers[value] is { } observer && done.Add(observer))
            {
                observer.Merge(other.Observers[value]!);
            }
        }
    }

    /// <summary>Writes the observers' state.</summary>
    public SafetensorsWriter Save(ModelNode[] nodes)
    {
        var writer = new SafetensorsWriter();
        foreach ((string name, IObserver observer) in NamedObservers(nodes))
        {
            observer.SaveState(writer, name + StateSuffix);
        }

        return writer;
    }

    /// <summary>Replaces the observers' state.</summary>
    /// <exception cref="InvalidDataException">A state is missing or of another class, or is none of these observers'.</exception>
    public void Load(ModelNode[] nodes, SafetensorsFile file)
    {
        var unused = new HashSet<string>(file.Tensors.Keys, StringComparer.Ordinal);
        foreach ((string name, _) in NamedObservers(nodes))
        {
            unused.RemoveWhere(tensor => tensor.StartsWith(name + StateSuffix, StringComparison.Ordinal));
        }

        if (FileKinds.IsModel(file) || (file.Tensors.Count > 0 && !FileKinds.IsCalibration(file)))
        {
            throw new InvalidDataException($"This is not a calibration; {FileKinds.Of(file)}.");
        }

        foreach (string tensor in unused)
        {
            throw new InvalidDataException($"The tensor {SafetensorsFile.Quote(tensor)} is no observer's of this model: it was saved by another model, or one that was prepared otherwise.");
        }

        foreach ((string name, IObserver observer) in NamedObservers(nodes))
        {
            observer.LoadState(file, name + StateSuffix);
        }
    }
}
