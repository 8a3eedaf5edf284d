using System;
using System.Globalization;
using System.Threading.Tasks;
using Kernels.Samples.Upscale;
using Kernels.Samples.Workloads;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kernels.Samples.Service;

/// <summary>
/// <c>POST /api/work/{workload}</c> with a picture's file as body. The answer is the result's file; a client that accepts
/// <c>text/event-stream</c> gets progress instead, and at last the address of the file.
/// </summary>
internal sealed partial class WorkEndpoint(WorkloadCatalog catalog, Admission admission, UploadReader uploads, WorkRunner runner, ResultStore results, ServiceMetrics metrics, ILogger<WorkEndpoint> logger)
{
    /// <summary>A status that nobody reads: the client closed the connection.</summary>
    private const int ClientClosedRequest = 499;

    public async Task Handle(HttpContext context, string name, bool compare)
    {
        if (catalog.Find(name) is not { } workload)
        {
            await Refuse(context, StatusCodes.Status404NotFound, "There is no such workload.");
            return;
        }

        if (admission.TryEnter() is not { } ahead)
        {
            metrics.Outcome(name, "busy");
            context.Response.Headers.RetryAfter = "1";
            await Refuse(context, StatusCodes.Status429TooManyRequests, "All places are taken; try again in a moment.");
            return;
        }

        try
        {
            Picture picture = await uploads.Read(context.Request, context.RequestAborted);
            var work = new Work(runner, workload, picture, compare);
            await (AcceptsEvents(context.Request) ? AnswerEvents(context, work, name, ahead) : AnswerFile(context, work, name));
        }
        catch (RefusedException exception)
        {
            metrics.Outcome(name, "refused");
            LogRefused(exception.Status, exception.Message);
            await Refuse(context, exception.Status, exception.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            metrics.Outcome(name, "left");
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = ClientClosedRequest;
            }
        }
        finally
        {
            admission.Leave();
        }
    }

    private static bool AcceptsEvents(HttpRequest request) => request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);

    private static Task Refuse(HttpContext context, int status, string detail) => TypedResults.Problem(detail, statusCode: status).ExecuteAsync(context);

    private async Task AnswerFile(HttpContext context, Work work, string name)
    {
        (Computed int8, Computed? viaFloat) = await work.Run(static _ => { }, context.RequestAborted);
        metrics.Done(name, int8.Wait, work.Elapsed);
        Summary summary = work.Summary(int8, viaFloat, name + int8.Result.Extension, url: null);
        IHeaderDictionary headers = context.Response.Headers;
        headers["Kernels-Sha256"] = summary.Sha256;
        headers["Kernels-Model"] = summary.Model;
        headers["Kernels-Milliseconds"] = summary.Int8Milliseconds.ToString("F1", CultureInfo.InvariantCulture);
        await TypedResults.Bytes(int8.File, int8.Result.ContentType, summary.File.Name).ExecuteAsync(context);
    }

    private async Task AnswerEvents(HttpContext context, Work work, string name, int ahead)
    {
        var events = new WorkEvents();
        events.Send("queued", new { ahead, tiles = work.Tiles });
        Task answer = events.Answer(context);
        try
        {
            (Computed int8, Computed? viaFloat) = await work.Run(events.Progress, context.RequestAborted);
            metrics.Done(name, int8.Wait, work.Elapsed);
            StoredResult stored = results.Add(int8.File, int8.Result, name);
            events.Send("done", work.Summary(int8, viaFloat, stored.FileName, $"api/results/{stored.Id}"));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The status is sent already.
            metrics.Outcome(name, "failed");
            LogFailed(exception);
            events.Send("failed", new { detail = "The service failed to compute this picture." });
        }
        finally
        {
            // Whoever closed the connection misses the last events; that is no error.
            events.End();
            await answer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Refused with {Status}: {Reason}")]
    private partial void LogRefused(int status, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A picture could not be computed")]
    private partial void LogFailed(Exception exception);
}
