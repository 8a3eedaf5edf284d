using System.Collections.Generic;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace Kernels.Samples.Service;

/// <summary>A request's server-sent events. Of progress only the newest waits to be sent, so a slow reader costs no memory.</summary>
internal sealed class WorkEvents
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    private readonly Channel<SseItem<string>> _events = Channel.CreateUnbounded<SseItem<string>>();
    private Progress? _newest;

    /// <summary>Sends an event.</summary>
    public void Send(string type, object data) => _events.Writer.TryWrite(new SseItem<string>(JsonSerializer.Serialize(data, Json), type));

    /// <summary>Sends how far the work is, unless something newer comes first.</summary>
    public void Progress(Progress progress)
    {
        if (Interlocked.Exchange(ref _newest, progress) is null)
        {
            _events.Writer.TryWrite(new SseItem<string>("", "progress"));
        }
    }

    /// <summary>Says that no more events come.</summary>
    public void End() => _events.Writer.TryComplete();

    /// <summary>Writes the events until their end.</summary>
    public Task Answer(HttpContext context) => TypedResults.ServerSentEvents(Read(context.RequestAborted)).ExecuteAsync(context);

    private async IAsyncEnumerable<SseItem<string>> Read([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (SseItem<string> item in _events.Reader.ReadAllAsync(cancellationToken))
        {
            yield return item.EventType == "progress"
                ? new SseItem<string>(JsonSerializer.Serialize(Interlocked.Exchange(ref _newest, null), Json), item.EventType)
                : item;
        }
    }
}
