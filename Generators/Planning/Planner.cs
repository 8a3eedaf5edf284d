using System;
using System.Collections.Generic;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>From what a layer computes to how its kernel runs: the cheapest dataflow that fits.</summary>
internal static class Planner
{
    /// <summary>Plans a layer.</summary>
    public static KernelPlan Plan(LayerSpec spec)
    {
        var geometry = LayerGeometry.Of(spec);
        int phases = geometry.Horizontal.Phases.Count;
        var rejected = new List<RejectedDataflow>();
        DataflowPlan? best = null;
        if (geometry.Refusal(spec) is string beyond)
        {
            Consider("ChannelLanes, PixelLanes, Depthwise", null, beyond);
        }
        else
        {
            Consider("ChannelLanes", ChannelLanesPlan.Of(spec, geometry, out string refusal), refusal);
            Consider("PixelLanes", PixelLanesPlan.Of(spec, geometry, out refusal), refusal);
            Consider("Depthwise", DepthwisePlan.Of(spec, geometry, out refusal), refusal);
        }

        if (best is null || spec is { GroupInputs: 1, GroupOutputs: 1, Groups: > 1 })
        {
            Consider("Generic", GenericPlan.Of(spec), string.Empty);
        }

        return new KernelPlan(spec, geometry, best!, new([.. rejected]));

        void Consider(string name, DataflowPlan? whole, string reason)
        {
            DataflowPlan? candidate = whole is null ? null : Detail.Fit(whole, phases);
            if (candidate is null)
            {
                rejected.Add(new RejectedDataflow(name, whole is null ? reason : "more code than a file may have"));
            }
            else if (best is null || candidate.Dots < best.Dots)
            {
                if (best is not null)
                {
                    rejected.Add(new RejectedDataflow(NameOf(best), Costs(best, candidate)));
                }

                best = candidate;
            }
            else
            {
                rejected.Add(new RejectedDataflow(name, Costs(candidate, best)));
            }
        }
    }

    /// <summary>Plans of the same layer that make less and less code; the last one's does not depend on the layer.</summary>
    public static IEnumerable<KernelPlan> Smaller(KernelPlan plan)
    {
        foreach (Detail detail in Detail.All)
        {
            yield return plan with { Dataflow = plan.Dataflow.Within(detail) };
        }

        var rejected = new RejectedDataflow(NameOf(plan.Dataflow), "more code than a file may have");
        yield return plan with { Dataflow = GenericPlan.Of(plan.Spec), Rejected = new([.. plan.Rejected, rejected]) };
    }

    /// <summary>The dataflow's name in remarks.</summary>
    public static string NameOf(DataflowPlan plan) => plan switch
    {
        ChannelLanesPlan => "ChannelLanes",
        PixelLanesPlan => "PixelLanes",
        DepthwisePlan => "Depthwise",
        GenericPlan => "Generic",
        _ => throw new ArgumentOutOfRangeException(nameof(plan)),
    };

    private static string Costs(DataflowPlan rejected, DataflowPlan chosen) =>
        FormattableString.Invariant($"{rejected.Dots:F0} weighted dot steps for 16 input positions against {chosen.Dots:F0}");
}
