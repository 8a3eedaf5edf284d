using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Bench.Peers;
using Kernels.Bench.Report;
using Kernels.Bench.Shapes;
using Kernels.Bench.Timing;
using Kernels.Generic;

namespace Kernels.Bench.Subjects;

/// <summary>All contestants of a shape, their outputs compared: this library's kernels, and the peers that take the layer.</summary>
internal sealed class Lineup : IDisposable
{
    private readonly List<Contestant> _contestants = [];
    private readonly List<Note> _notes = [];
    private readonly ShapeRow _row;

    /// <summary>Makes the contestants, runs each once and compares what they computed.</summary>
    /// <param name="row">The shape.</param>
    /// <param name="layer">Its generated layer.</param>
    /// <param name="sized">The same generated for this input size alone, when it is to be measured.</param>
    /// <param name="peers">Peers; those that are missing are left out.</param>
    /// <exception cref="BenchException">The generated layer does not give the generic one's bytes.</exception>
    public Lineup(ShapeRow row, CompiledLayer layer, CompiledLayer? sized, IEnumerable<IPeer> peers)
    {
        _row = row;
        LayerData data = LayerData.Random(row, WeightRange.Bell);
        Generated = AddGenerated(QuickResult.Generated, layer, data);
        FullRange = AddGenerated(QuickResult.FullRange, layer, LayerData.Random(row, WeightRange.Full));
        if (sized is not null)
        {
            AddGenerated(QuickResult.KnownSize, sized, data);
        }

        byte[] expected = Generated.OutputCodes();
        AddOther(new Int8Contestant(QuickResult.Generic, Generic(data), data), expected);
        AddOther(new FloatContestant(data), expected);
        foreach (IPeer peer in peers.Where(peer => peer.Missing is null))
        {
            try
            {
                AddOther(peer.Prepare(data), expected);
            }
            catch (PeerException exception)
            {
                _notes.Add(new Note(peer.Name, exception.Message, row.Name));
            }
        }
    }

    /// <summary>The generated kernel with bell-shaped weights.</summary>
    public Int8Contestant Generated { get; }

    /// <summary>The generated kernel with weights over the whole int8 range.</summary>
    public Int8Contestant FullRange { get; }

    /// <summary>All contestants.</summary>
    public IReadOnlyList<Contestant> Contestants => _contestants;

    /// <summary>What was refused, and whose outputs are not ours.</summary>
    public IReadOnlyList<Note> Notes => _notes;

    /// <inheritdoc/>
    public void Dispose() => _contestants.ForEach(contestant => contestant.Dispose());

    private static GenericConvolution Generic(LayerData data) =>
        new(data.Row.Spec, data.QuantizedWeight, data.RealBias, data.InputQuantization, data.OutputQuantization);

    private Int8Contestant AddGenerated(string name, CompiledLayer layer, LayerData data)
    {
        var generated = new Int8Contestant(name, layer.Factory.Create(data.QuantizedWeight, data.RealBias, data.InputQuantization, data.OutputQuantization), data);
        var generic = new Int8Contestant(QuickResult.Generic, Generic(data), data);
        generated.Run();
        generic.Run();
        if (!generated.OutputCodes().AsSpan().SequenceEqual(generic.OutputCodes()))
        {
            throw new BenchException($"{_row.Name}: the {name} kernel and the generic one do not give the same bytes ({Agreement.Of(generic.OutputCodes(), generated.OutputCodes())}).");
        }

        _contestants.Add(generated);
        return generated;
    }

    // Others round in other ways (the bias, the product of the scales): one step of difference is theirs to have.
    private void AddOther(Contestant contestant, byte[] expected)
    {
        contestant.Run();
        Agreement agreement = Agreement.Of(expected, contestant.OutputCodes());
        if (agreement.Off > 0)
        {
            string message = $"{agreement.Off} of {agreement.Count} outputs differ by more than one step, by {agreement.Largest} at most";
            _notes.Add(new Note(contestant.Name, message + (agreement.IsSameLayer ? "." : "; not timed."), _row.Name));
        }

        if (agreement.IsSameLayer)
        {
            _contestants.Add(contestant);
        }
        else
        {
            contestant.Dispose();
        }
    }
}
