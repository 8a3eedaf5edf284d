using System.Linq;
using Kernels.Samples.Workloads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kernels.Samples.Service;

/// <summary>The addresses under <c>/api</c>.</summary>
internal static class WorkRoutes
{
    public static void MapWork(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/service", static (WorkloadCatalog catalog, ServiceOptions options) => TypedResults.Ok(new
        {
            workloads = catalog.All.Select(workload => new { workload.Name, workload.Title, workload.Output, workload.Scale, hasFloat = workload.Float is not null }),
            options.MaxBytes,
            options.MaxPixels,
            threads = options.ThreadCount,
            cpu = Processor.Name,
        }));
        routes.MapPost("/api/work/{name}", static (HttpContext context, string name, WorkEndpoint endpoint, bool compare = false) => endpoint.Handle(context, name, compare));
        routes.MapGet("/api/results/{id}", static IResult (string id, ResultStore results) => results.Find(id) is { } stored
            ? TypedResults.Bytes(stored.File, stored.ContentType, stored.FileName)
            : TypedResults.Problem("There is no such result, or no longer.", statusCode: StatusCodes.Status404NotFound));
    }
}
