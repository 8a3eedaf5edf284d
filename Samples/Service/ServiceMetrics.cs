using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;

namespace Kernels.Samples.Service;

/// <summary>What <c>/metrics</c> tells beside ASP.NET Core's own.</summary>
internal sealed class ServiceMetrics : IDisposable
{
    public const string MeterName = "Kernels.Service";

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _tiles;
    private readonly Histogram<double> _wait;
    private readonly Histogram<double> _duration;

    public ServiceMetrics(IMeterFactory factory, Admission admission)
    {
        _meter = factory.Create(MeterName);
        _requests = _meter.CreateCounter<long>("kernels.requests", description: "Requests for work, by workload and outcome");
        _tiles = _meter.CreateCounter<long>("kernels.tiles", description: "Tiles computed");
        _wait = _meter.CreateHistogram<double>("kernels.wait", "s", "Time between acceptance and the first tile");
        _duration = _meter.CreateHistogram<double>("kernels.duration", "s", "Time between acceptance and the result");
        _meter.CreateObservableGauge("kernels.places.taken", () => admission.Taken, description: "Requests accepted and not answered yet");
        _meter.CreateObservableGauge("kernels.places", () => admission.Places, description: "Requests that are accepted at once");
    }

    public void Tile(string workload) => _tiles.Add(1, new KeyValuePair<string, object?>("workload", workload));

    public void Outcome(string workload, string outcome) => _requests.Add(1, new("workload", workload), new("outcome", outcome));

    public void Done(string workload, TimeSpan wait, TimeSpan duration)
    {
        Outcome(workload, "done");
        _wait.Record(wait.TotalSeconds, new KeyValuePair<string, object?>("workload", workload));
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("workload", workload));
    }

    public void Dispose() => _meter.Dispose();
}
