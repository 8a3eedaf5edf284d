namespace Kernels.Models.Balancing;

/// <summary>
/// Which channels of a model's values must have the same scale, so that every layer computes what it computed before: a sum and what it
/// adds, a pooled channel and its origin. Channels that must keep theirs are pinned. A union-find over all channels of all values.
/// </summary>
internal sealed class ChannelTies
{
    private readonly int[] _first;
    private readonly int[] _parents;
    private readonly bool[] _isPinned;
    private readonly ChannelTap _statistics;

    /// <summary>Nothing tied.</summary>
    /// <param name="values">Number of values.</param>
    /// <param name="statistics">Channels and sizes of the values.</param>
    public ChannelTies(int values, ChannelTap statistics)
    {
        _statistics = statistics;
        _first = new int[values + 1];
        for (int value = 0; value < values; value++)
        {
            _first[value + 1] = _first[value] + statistics[value].Channels;
        }

        _parents = new int[_first[^1]];
        _isPinned = new bool[_parents.Length];
        for (int i = 0; i < _parents.Length; i++)
        {
            _parents[i] = i;
        }
    }

    /// <summary>Channels of all values.</summary>
    public int Count => _parents.Length;

    /// <summary>Channels of a value.</summary>
    /// <param name="value">The value.</param>
    public int Channels(int value) => _first[value + 1] - _first[value];

    /// <summary>Pixels of an image of a value.</summary>
    /// <param name="value">The value.</param>
    public int Pixels(int value) => _statistics[value].Pixels;

    /// <summary>The number that a channel shares with all those tied to it, below <see cref="Count"/>.</summary>
    /// <param name="value">The value.</param>
    /// <param name="channel">Its channel.</param>
    public int Class(int value, int channel) => Root(_first[value] + channel);

    /// <summary>Whether the channels of a class keep their scale.</summary>
    /// <param name="number">The class.</param>
    public bool IsPinned(int number) => _isPinned[number];

    /// <summary>Keeps the scale of a value's channels.</summary>
    /// <param name="value">The value.</param>
    public void Pin(int value)
    {
        for (int channel = 0; channel < Channels(value); channel++)
        {
            _isPinned[Class(value, channel)] = true;
        }
    }

    /// <summary>Gives two channels one scale.</summary>
    /// <param name="value">A value.</param>
    /// <param name="channel">Its channel.</param>
    /// <param name="other">Another value.</param>
    /// <param name="otherChannel">Its channel.</param>
    public void Tie(int value, int channel, int other, int otherChannel)
    {
        int a = Class(value, channel);
        int b = Class(other, otherChannel);
        _parents[b] = a;
        _isPinned[a] |= _isPinned[b];
    }

    /// <summary>Gives each channel of two values one scale, where they have as many; keeps all otherwise.</summary>
    /// <param name="value">A value.</param>
    /// <param name="other">Another value.</param>
    public void Tie(int value, int other)
    {
        if (Channels(value) != Channels(other))
        {
            Pin(value);
            Pin(other);
            return;
        }

        for (int channel = 0; channel < Channels(value); channel++)
        {
            Tie(value, channel, other, channel);
        }
    }

    private int Root(int i)
    {
        while (_parents[i] != i)
        {
            _parents[i] = _parents[_parents[i]];
            i = _parents[i];
        }

        return i;
    }
}
