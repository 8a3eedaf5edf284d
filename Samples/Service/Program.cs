using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;

namespace Kernels.Samples.Service;

/// <summary>Upscales pictures over HTTP. Everything runs in this process.</summary>
internal static class Program
{
    public static async Task Main(string[] args)
    {
        await using WebApplication application = ServiceApplication.Build(args);
        await application.RunAsync();
    }
}
