using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Models.Nodes;

namespace Kernels.Quantization;

/// <summary>
/// PyTorch's <c>QConfigMapping</c>: which configuration a layer gets. A name beats a name pattern, which beats a layer type,
/// which beats the global one; null, wherever it is set, keeps the layer in float.
/// </summary>
public sealed class QConfigMapping
{
    private readonly Dictionary<string, QConfig?> _types = new(StringComparer.Ordinal);
    private readonly List<(string Pattern, Regex Regex, QConfig? Config)> _patterns = [];
    private readonly Dictionary<string, QConfig?> _names = new(StringComparer.Ordinal);
    private QConfig? _global;

    /// <summary>One configuration for every layer.</summary>
    /// <param name="config">The configuration.</param>
    /// <returns>A new mapping, which can be refined.</returns>
    public static QConfigMapping Uniform(QConfig config) => new QConfigMapping().SetGlobal(config);

    /// <summary>
    /// PyTorch's <c>get_default_qconfig_mapping</c>: the configuration for every layer, but one scale for the weights of
    /// transposed layers, and fixed parameters for Sigmoid and Tanh.
    /// </summary>
    /// <param name="config">For example <see cref="QConfig.X86"/>.</param>
    /// <returns>A new mapping, which can be refined.</returns>
    public static QConfigMapping PyTorch(QConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        QConfigMapping mapping = Uniform(config).SetObjectType("ConvTranspose1d", config.WithPerTensorWeights());
        return mapping
            .SetObjectType(ConvolutionKind.ConvTranspose2d, config.WithPerTensorWeights())
            .SetObjectType("Sigmoid", config with { Activation = FixedQParamsObserver.ForSigmoid })
            .SetObjectType("Tanh", config with { Activation = FixedQParamsObserver.ForTanh });
    }

    /// <summary>Sets the configuration of layers that nothing else applies to.</summary>
    /// <param name="config">The configuration, or null for float.</param>
    /// <returns>This mapping.</returns>
    public QConfigMapping SetGlobal(QConfig? config)
    {
        _global = config;
        return this;
    }

    /// <summary>Sets the configuration of a type of layer.</summary>
    /// <param name="type">PyTorch's name of the type, for example <c>Conv2d</c>, <c>ConvTranspose2d</c> or <c>Linear</c>.</param>
    /// <param name="config">The configuration, or null for float.</param>
    /// <returns>This mapping.</returns>
    public QConfigMapping SetObjectType(string type, QConfig? config)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        _types[type] = config;
        return this;
    }

    /// <summary>Sets the configuration of a kind of convolution.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="config">The configuration, or null for float.</param>
    /// <returns>This mapping.</returns>
    public QConfigMapping SetObjectType(ConvolutionKind kind, QConfig? config) => SetObjectType(kind.ToString(), config);

    /// <summary>Sets the configuration of layers whose names start with a match of a pattern, as PyTorch's <c>re.match</c>. The first pattern that matches counts.</summary>
    /// <param name="pattern">A regular expression.</param>
    /// <param name="config">The configuration, or null for float.</param>
    /// <returns>This mapping.</returns>
    /// <exception cref="ArgumentException">The pattern is not a regular expression.</exception>
    public QConfigMapping SetModuleNameRegex(string pattern, QConfig? config)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        int index = _patterns.FindIndex(entry => entry.Pattern == pattern);
        var item = (pattern, new Regex($@"\A(?:{pattern})", RegexOptions.CultureInvariant), config);
        if (index < 0)
        {
            _patterns.Add(item);
        }
        else
        {
            _patterns[index] = item;
        }

        return this;
    }

    /// <summary>Sets the configuration of one layer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="config">The configuration, or null for float.</param>
    /// <returns>This mapping.</returns>
    public QConfigMapping SetModuleName(string name, QConfig? config)
    {
        ArgumentNullException.ThrowIfNull(name);
        _names[name] = config;
        return this;
    }

    /// <summary>Throws when a name is that of no layer, or a type one that there is not.</summary>
    /// <exception cref="ArgumentException">The message says what may have been meant.</exception>
    internal void Check(IReadOnlyCollection<string> layers)
    {
        foreach (string name in _names.Keys)
        {
            if (!layers.Contains(name))
            {
                throw new ArgumentException($"The mapping has a configuration for the layer \"{name}\", but no layer has this name: {NearestNames.Of(name, layers)}. Layers that were fused have the name of the first of them.");
            }
        }

        foreach (string type in _types.Keys)
        {
            if (!ModuleTypes.All.Contains(type))
            {
                throw new ArgumentException($"The mapping has a configuration for layers of the type \"{type}\", but there is no such type: {NearestNames.Of(type, ModuleTypes.All)}.");
            }
        }
    }

    /// <summary>The configuration of a layer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">PyTorch's name of its type.</param>
    /// <returns>The configuration, or null when the layer stays in float.</returns>
    public QConfig? Resolve(string name, string type)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(type);
        if (_names.TryGetValue(name, out QConfig? config))
        {
            return config;
        }

        foreach ((_, Regex regex, QConfig? byPattern) in _patterns)
        {
            if (regex.IsMatch(name))
            {
                return byPattern;
            }
        }

        return _types.TryGetValue(type, out config) ? config : _global;
    }

    /// <summary>The configuration of a convolution.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Its kind.</param>
    /// <returns>The configuration, or null when the layer stays in float.</returns>
    public QConfig? Resolve(string name, ConvolutionKind kind) => Resolve(name, kind.ToString());
}
