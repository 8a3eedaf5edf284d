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
        TFloat zero = TLanes.All(0f);
        TFloat three = TLanes.All(3f);
        TFloat six = TLanes.All(6f);
        foreach (Step step in _steps)
        {
            TFloat first = TLanes.All(step.First);
            TFloat second = TLanes.All(step.Second);
            for (float* at = values; at < values + 4 * TLanes.Count; at += TLanes.Count)
            {
                TFloat x = TLanes.Load(at);
                switch (step.Function)
                {
                    case EpilogueFunction.Relu:
                        x = TLanes.Max(x, zero);
                        break;
                    case EpilogueFunction.Relu6:
                        x = TLanes.Min(TLanes.Max(x, zero), six);
                        break;
                    case EpilogueFunction.LeakyRelu:
                        x = TLanes.WhereAboveZero(x, x, TLanes.Multiply(x, first));
                        break;
                    case EpilogueFunction.HardSwish:
                        x = TLanes.Divide(TLanes.Multiply(x, TLanes.Min(TLanes.Max(TLanes.Add(x, three), zero), six)), six);
                        break;
                    case EpilogueFunction.HardSigmoid:
                        x = TLanes.Divide(TLanes.Min(TLanes.Max(TLanes.Add(x, three), zero), six), six);
                        break;
                    case EpilogueFunction.Clip:
                        x = TLanes.Min(TLanes.Max(x, first), second);
                        break;
                    case EpilogueFunction.Affine:
                        x = TLanes.Add(TLanes.Multiply(x, first), second);
                        break;
                    case EpilogueFunction.ChannelAffine:
                        fixed (float* scales = step.Scales, shifts = step.Shifts)
                        {
                            nint channel = phase + (nint)(at - values);
                            x = TLanes.Add(TLanes.Multiply(x, TLanes.Load(scales + channel)), TLanes.Load(shifts + channel));
                        }

                        break;
                    default:
                        throw new InvalidOperationException($"{step.Function} is no step.");
                }

                TLanes.Store(x, at);
            }
        }
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
