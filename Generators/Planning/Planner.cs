using System;
using System.Collections.Generic;
using System.Linq;
using Kernels.Generators.Specs;

namespace Kernels.Generators.Planning;

/// <summary>From what a layer computes to how its kernel runs: the cheapest dataflow that fits.</summary>
internal static class Planner
{
    /// <summary>Plans a layer.</summary>
    public static KernelPlan Plan(LayerSpec spec)
    {
        var geometry = LayerGeometry.Of(spec);
        var rejected = new List<RejectedDataflow>();
        DataflowPlan? best = null;
        foreach (Candidate candidate in Candidates(spec, geometry))
        {
            if (candidate.Plan is null)
            {
                rejected.Add(new RejectedDataflow(candidate.Name, candidate.Refusal));
            }
            else if (best is null || candidate.Plan.Dots < best.Dots)
            {
                if (best is not null)
                {
                    rejected.Add(new RejectedDataflow(NameOf(best), Costs(best, candidate.Plan)));
                }

                best = candidate.Plan;
            }
            else
            {
                rejected.Add(new RejectedDataflow(candidate.Name, Costs(candidate.Plan, best)));
            }
        }

        return new KernelPlan(spec, geometry, best!, new([.. rejected]));
    }

    /// <summary>The plans of every dataflow that fits a layer, whatever they cost: to measure what the choice is worth.</summary>
    public static IReadOnlyList<KernelPlan> All(LayerSpec spec)
    {
        var geometry = LayerGeometry.Of(spec);
        return [.. Candidates(spec, geometry).Where(static candidate => candidate.Plan is not null).Select(candidate => new KernelPlan(spec, geometry, candidate.Plan!, default))];
    }

    private static IEnumerable<Candidate> Candidates(LayerSpec spec, LayerGeometry geometry)
    {
        int phases = geometry.Horizontal.Phases.Count;
        bool any = false;
        if (geometry.Refusal(spec) is string beyond)
        {
            yield return new Candidate("ChannelLanes, PixelLanes, Depthwise", null, beyond);
        }
        else
        {
            Candidate[] lanes =
            [
                Of("ChannelLanes", ChannelLanesPlan.Of(spec, geometry, out string refusal), refusal),
                Of("PixelLanes", PixelLanesPlan.Of(spec, geometry, out refusal), refusal),
                Of("Depthwise", DepthwisePlan.Of(spec, geometry, out refusal), refusal),
            ];
            foreach (Candidate candidate in lanes)
            {
                any |= candidate.Plan is not null;
                yield return candidate;
            }
        }

        if (!any || spec is { GroupInputs: 1, GroupOutputs: 1, Groups: > 1 })
        {
            yield return Of("Generic", GenericPlan.Of(spec), string.Empty);
        }

        Candidate Of(string name, DataflowPlan? whole, string reason)
        {
            DataflowPlan? plan = whole is null ? null : Detail.Fit(whole, phases);
            return new Candidate(name, plan, plan is not null ? string.Empty : whole is null ? reason : "more code than a file may have");
        }
    }

    /// <summary>A dataflow, and its plan where it fits the layer.</summary>
    private readonly record struct Candidate(string Name, DataflowPlan? Plan, string Refusal);

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
