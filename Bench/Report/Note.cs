using System.Collections.Generic;
using System.Linq;

namespace Kernels.Bench.Report;

/// <summary>Something that a reader of the tables must know.</summary>
/// <param name="Contestant">Whom it is about.</param>
/// <param name="Message">What it is.</param>
/// <param name="Shape">The shape, or nothing when it is about all of them.</param>
internal sealed record Note(string Contestant, string Message, string? Shape = null)
{
    /// <summary>A line for each message, with the shapes that it is about.</summary>
    /// <param name="notes">The notes.</param>
    public static IEnumerable<string> Lines(IEnumerable<Note> notes) => notes
        .GroupBy(note => (note.Contestant, note.Message))
        .Select(group => (group.Key, Shapes: group.Select(note => note.Shape).OfType<string>().ToArray()))
        .Select(group => $"Note  {group.Key.Contestant}: {group.Key.Message}" + (group.Shapes.Length == 0 ? string.Empty : $" ({string.Join(", ", group.Shapes)})"));
}
