using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Kernels.Layers;

namespace Kernels.Execution;

/// <summary>The functions that a layer applies to its values in real units before it rounds them: see <see cref="EpilogueSpec"/>.</summary>
internal sealed unsafe class CodeSteps
{
    private readonly Step[] _steps;

    private CodeSteps(Step[] steps, int channels)
    {
        _steps = steps;
        Channels = channels;
        Period = ChannelPattern.Period(channels);
    }

    /// <summary>The only number of channels that an input may have; 1 for any.</summary>
    public int Channels { get; }

    /// <summary>Elements until constants of channels start again.</summary>
    public int Period { get; }

    /// <summary>The steps of an epilogue; null for none.</summary>
    /// <exception cref="ArgumentException">A step adds a second input.</exception>
    public static CodeSteps? Of(EpilogueParameters? epilogue)
    {
        if (epilogue is null || epilogue.Spec.IsNone)
        {
            return null;
        }

        if (epilogue.Spec.HasAdd)
        {
            throw new ArgumentException($"An elementwise or pooling layer adds no further input, but its epilogue is {epilogue.Spec}.", nameof(epilogue));
        }

        var steps = new List<Step>();
        int channels = 1;
        foreach (EpilogueStep step in epilogue.Steps)
        {
            steps.Add(Step.Of(step));
            if (step.Function == EpilogueFunction.ChannelAffine)
            {
                channels = channels == 1 || channels == step.Scale.Length
                    ? step.Scale.Length
                    : throw new ArgumentException($"The epilogue has scales for {channels} and for {step.Scale.Length} channels.", nameof(epilogue));
            }
        }

        return new CodeSteps([.. steps], channels);
    }

    /// <summary>Throws unless an output has the channels of the constants.</summary>
    /// <exception cref="ArgumentException">It has others.</exception>
    public void Check(Shape4 output) => ChannelConstants.Check(Channels, output);

    /// <summary>Applies all steps to a block of four vectors.</summary>
    /// <param name="values">The block, in memory.</param>
    /// <param name="phase">The first value's place in the period.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TLanes, TFloat, TInt>(float* values, int phase)
        where TLanes : struct, ICodeLanes<TFloat, TInt>
        where TFloat : unmanaged
        where TInt : unmanaged
    {
        int lanes = TLanes.Count;
        TFloat zero = TLanes.All(0f);
        TFloat three = TLanes.All(3f);
        TFloat six = TLanes.All(6f);
        TFloat a = TLanes.Load(values);
        TFloat b = TLanes.Load(values + lanes);
        TFloat c = TLanes.Load(values + 2 * lanes);
        TFloat d = TLanes.Load(values + 3 * lanes);
        foreach (Step step in _steps)
        {
            TFloat first = TLanes.All(step.First);
            TFloat second = TLanes.All(step.Second);
            switch (step.Function)
            {
                case EpilogueFunction.Relu:
                    a = TLanes.Max(a, zero);
                    b = TLanes.Max(b, zero);
                    c = TLanes.Max(c, zero);
                    d = TLanes.Max(d, zero);
                    break;
                case EpilogueFunction.Relu6:
                    a = TLanes.Min(TLanes.Max(a, zero), six);
                    b = TLanes.Min(TLanes.Max(b, zero), six);
                    c = TLanes.Min(TLanes.Max(c, zero), six);
                    d = TLanes.Min(TLanes.Max(d, zero), six);
                    break;
                case EpilogueFunction.LeakyRelu:
                    a = TLanes.WhereAboveZero(a, a, TLanes.Multiply(a, first));
                    b = TLanes.WhereAboveZero(b, b, TLanes.Multiply(b, first));
                    c = TLanes.WhereAboveZero(c, c, TLanes.Multiply(c, first));
                    d = TLanes.WhereAboveZero(d, d, TLanes.Multiply(d, first));
                    break;
                case EpilogueFunction.HardSwish:
                    a = TLanes.DivideBySix(TLanes.Multiply(a, TLanes.Min(TLanes.Max(TLanes.Add(a, three), zero), six)));
                    b = TLanes.DivideBySix(TLanes.Multiply(b, TLanes.Min(TLanes.Max(TLanes.Add(b, three), zero), six)));
                    c = TLanes.DivideBySix(TLanes.Multiply(c, TLanes.Min(TLanes.Max(TLanes.Add(c, three), zero), six)));
                    d = TLanes.DivideBySix(TLanes.Multiply(d, TLanes.Min(TLanes.Max(TLanes.Add(d, three), zero), six)));
                    break;
                case EpilogueFunction.HardSigmoid:
                    a = TLanes.DivideBySix(TLanes.Min(TLanes.Max(TLanes.Add(a, three), zero), six));
                    b = TLanes.DivideBySix(TLanes.Min(TLanes.Max(TLanes.Add(b, three), zero), six));
                    c = TLanes.DivideBySix(TLanes.Min(TLanes.Max(TLanes.Add(c, three), zero), six));
                    d = TLanes.DivideBySix(TLanes.Min(TLanes.Max(TLanes.Add(d, three), zero), six));
                    break;
                case EpilogueFunction.Clip:
                    a = TLanes.Min(TLanes.Max(a, first), second);
                    b = TLanes.Min(TLanes.Max(b, first), second);
                    c = TLanes.Min(TLanes.Max(c, first), second);
                    d = TLanes.Min(TLanes.Max(d, first), second);
                    break;
                case EpilogueFunction.Affine:
                    a = TLanes.Add(TLanes.Multiply(a, first), second);
                    b = TLanes.Add(TLanes.Multiply(b, first), second);
                    c = TLanes.Add(TLanes.Multiply(c, first), second);
                    d = TLanes.Add(TLanes.Multiply(d, first), second);
                    break;
                case EpilogueFunction.ChannelAffine:
                    fixed (float* scales = &step.Scales[phase], shifts = &step.Shifts[phase])
                    {
                        a = TLanes.Add(TLanes.Multiply(a, TLanes.Load(scales)), TLanes.Load(shifts));
                        b = TLanes.Add(TLanes.Multiply(b, TLanes.Load(scales + lanes)), TLanes.Load(shifts + lanes));
                        c = TLanes.Add(TLanes.Multiply(c, TLanes.Load(scales + 2 * lanes)), TLanes.Load(shifts + 2 * lanes));
                        d = TLanes.Add(TLanes.Multiply(d, TLanes.Load(scales + 3 * lanes)), TLanes.Load(shifts + 3 * lanes));
                    }

                    break;
                default:
                    throw new InvalidOperationException($"{step.Function} is no step.");
            }
        }

        TLanes.Store(a, values);
        TLanes.Store(b, values + lanes);
        TLanes.Store(c, values + 2 * lanes);
        TLanes.Store(d, values + 3 * lanes);
    }

    private sealed record Step(EpilogueFunction Function, float First, float Second, float[] Scales, float[] Shifts)
    {
        public static Step Of(EpilogueStep step) => step.Function switch
        {
            EpilogueFunction.LeakyRelu => new Step(step.Function, step.NegativeSlope, 0, [], []),
            EpilogueFunction.Clip => new Step(step.Function, step.Lower, step.Upper, [], []),
            EpilogueFunction.Affine => new Step(step.Function, step.Scale[0], step.Shift[0], [], []),
            EpilogueFunction.ChannelAffine => new Step(step.Function, 0, 0, ChannelPattern.Of(step.Scale), ChannelPattern.Of(step.Shift)),
            _ => new Step(step.Function, 0, 0, [], []),
        };
    }
}
