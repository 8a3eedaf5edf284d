using System;
using System.Text.Json.Serialization;
using Kernels.Samples.Workloads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;

namespace Kernels.Samples.Service;

/// <summary>Puts the service together.</summary>
internal static class ServiceApplication
{
    // Only what the page itself brings may run or be shown in it.
    private const string ContentSecurityPolicy = "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    /// <summary>Loads the workloads, which calibrates them at the very first start, and builds the application.</summary>
    /// <param name="args">Configuration, such as <c>--urls http://localhost:8080</c> or <c>--Service:Queue=4</c>.</param>
    /// <param name="catalog">Other workloads than those there are.</param>
    public static WebApplication Build(string[] args, WorkloadCatalog? catalog = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        ServiceOptions options = builder.Configuration.GetSection(ServiceOptions.Section).Get<ServiceOptions>() ?? new ServiceOptions();
        options.Check();

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // Who sends too much is answered first; the server then reads on for some seconds, lest the client miss the answer, up to this.
            kestrel.Limits.MaxRequestBodySize = 4 * options.MaxBytes;
            kestrel.Limits.MaxConcurrentConnections = 1000;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.CamelCase)));
        builder.Services.AddProblemDetails();
        builder.Services.AddHealthChecks().AddCheck<ReadyCheck>("ready", tags: ["ready"]);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(ServiceMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddPrometheusExporter());

        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(catalog ?? WorkloadCatalog.Load(new ModelCache(options.ModelCache), options.ThreadCount));
        builder.Services.AddSingleton(new KernelWorkers(options.ThreadCount));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Admission>();
        builder.Services.AddSingleton<ResultStore>();
        builder.Services.AddSingleton<ServiceMetrics>();
        builder.Services.AddSingleton<WorkRunner>();
        builder.Services.AddSingleton<UploadReader>();
        builder.Services.AddSingleton<WorkEndpoint>();
        builder.Services.AddHostedService<WarmUp>();

        WebApplication application = builder.Build();
        application.UseExceptionHandler();
        application.UseStatusCodePages();
        application.Use(static (context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        });
        application.UseDefaultFiles();
        application.UseStaticFiles();
        application.MapWork();
        application.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = static _ => false });
        application.MapHealthChecks("/health/ready");
        application.MapPrometheusScrapingEndpoint("/metrics");
        return application;
    }
}
