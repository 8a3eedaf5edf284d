namespace Kernels.Execution;

/// <summary>
/// Codes to float32 and back for one vector width, and the arithmetic between, each operation rounded by itself: all widths give the same bytes.
/// Implementations are empty structs, so that the compiler specialises kernels for each of them.
/// </summary>
/// <typeparam name="TFloat">A vector of float32 values.</typeparam>
/// <typeparam name="TInt">A vector of as many int32 values.</typeparam>
internal unsafe interface ICodeLanes<TFloat, TInt>
    where TFloat : unmanaged
    where TInt : unmanaged
{
    /// <summary>Lanes of a vector.</summary>
    static abstract int Count { get; }

    /// <summary>A value in every lane.</summary>
    static abstract TFloat All(float value);

    /// <summary>A number in every lane.</summary>
    static abstract TInt All(int value);

    /// <summary>Values from memory.</summary>
    static abstract TFloat Load(float* values);

    /// <summary>Numbers as values.</summary>
    static abstract TFloat Values(TInt numbers);

    /// <summary>Codes from memory, less their zero point.</summary>
    static abstract TFloat Load(byte* codes, TInt zeroPoint);

    /// <summary>Sums of 16 bits from memory, less a number.</summary>
    static abstract TFloat Load(ushort* sums, TInt less);

    /// <summary>Sums of 32 bits from memory, less a number.</summary>
    static abstract TFloat Load(int* sums, TInt less);

    /// <summary>Writes values to memory.</summary>
    static abstract void Store(TFloat values, float* target);

    static abstract TFloat Add(TFloat x, TFloat y);

    static abstract TFloat Subtract(TFloat x, TFloat y);

    static abstract TFloat Multiply(TFloat x, TFloat y);

    static abstract TFloat Divide(TFloat x, TFloat y);

    /// <summary>The quotient by 6, correctly rounded: of a value that is finite and no denormal.</summary>
    static abstract TFloat DivideBySix(TFloat x);

    static abstract TFloat Min(TFloat x, TFloat y);

    static abstract TFloat Max(TFloat x, TFloat y);

    /// <summary>One of two values for each lane, as another is above zero or not.</summary>
    static abstract TFloat WhereAboveZero(TFloat condition, TFloat above, TFloat otherwise);

    /// <summary>The value, or 0 for NaN.</summary>
    static abstract TFloat NumberOrZero(TFloat x);

    /// <summary>
    /// Stores codes of four vectors: rounded half to even, plus the zero point, saturated. Values are no NaN and below 2^31 in magnitude.
    /// </summary>
    static abstract void Store(TFloat a, TFloat b, TFloat c, TFloat d, int zeroPoint, byte lowest, byte* codes);
}
