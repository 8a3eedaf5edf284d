namespace Kernels.Execution;

/// <summary>What joins a code with another one or with constants, up to the multiplication that gives steps of the output.</summary>
internal interface ICodeJoin
{
    /// <summary>Whether there is a second constant.</summary>
    static virtual bool HasShift => false;

    /// <summary>The result in steps of the output.</summary>
    /// <param name="x">Code less its zero point.</param>
    /// <param name="y">The other code less its zero point, or a constant.</param>
    /// <param name="z">The second constant.</param>
    /// <param name="xScale">Scale of the first code.</param>
    /// <param name="yScale">Scale of the second one.</param>
    /// <param name="multiplier">From real units, or from products of codes, to steps of the output.</param>
    static abstract TFloat Of<TLanes, TFloat, TInt>(TFloat x, TFloat y, TFloat z, TFloat xScale, TFloat yScale, TFloat multiplier)
        where TLanes : struct, ICodeLanes<TFloat, TInt>
        where TFloat : unmanaged
        where TInt : unmanaged;
}
