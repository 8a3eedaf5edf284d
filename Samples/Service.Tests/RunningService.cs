using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading.Tasks;
using Kernels.Samples.Workloads;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kernels.Samples.Service.Tests;

/// <summary>A service on a free port of this machine, and what it logged.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly WebApplication _application;

    private RunningService(WebApplication application, LogRecorder log)
    {
        _application = application;
        Log = log;
        Url = application.Urls.Single();
        Client = new HttpClient { BaseAddress = new Uri(Url), Timeout = TimeSpan.FromMinutes(2) };
    }

    public string Url { get; }

    public HttpClient Client { get; }

    public LogRecorder Log { get; }

    public T Get<T>()
        where T : notnull => _application.Services.GetRequiredService<T>();

    public static async Task<RunningService> Start(WorkloadCatalog catalog, params string[] configuration)
    {
        var log = new LogRecorder();
        WebApplication application = ServiceApplication.Build(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Microsoft.AspNetCore=Information", "--Logging:Console:LogLevel:Default=None", .. configuration], catalog);
        application.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        await application.StartAsync();
        return new RunningService(application, log);
    }

    public Task<HttpResponseMessage> Post(string workload, byte[] file, string query = "", string? accept = null, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"api/work/{workload}{query}") { Content = new ByteArrayContent(file) };
        if (accept is not null)
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        }

        return Client.SendAsync(request, completion);
    }

    public Task Stop() => _application.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.DisposeAsync();
    }
}

/// <summary>Remembers what was logged with an exception, or as a warning or worse.</summary>
internal sealed class LogRecorder : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Alarming { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null || logLevel >= LogLevel.Warning)
        {
            Alarming.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
