using System.IO;
using System.Threading.Tasks;
using Microsoft.Playwright;
using Xunit;

namespace Kernels.Samples.Service.Tests;

/// <summary>The system's Chromium with a profile of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly string _profile = Directory.CreateTempSubdirectory("kernels-browser-").FullName;
    private IPlaywright? _playwright;
    private IBrowserContext? _context;

    public async Task<IPage> Open(string url)
    {
        if (_context is null)
        {
            _playwright = await Playwright.CreateAsync();
            _context = await _playwright.Chromium.LaunchPersistentContextAsync(_profile, new BrowserTypeLaunchPersistentContextOptions
            {
                ExecutablePath = BrowserFactAttribute.Path,
                Args = Arguments,
                ViewportSize = new ViewportSize { Width = 1360, Height = 860 },
                ColorScheme = ColorScheme.Dark,
            });
            _context.SetDefaultTimeout(60_000);
        }

        IPage page = await _context.NewPageAsync();
        await page.GotoAsync(url);
        return page;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_context is not null)
        {
            await _context.CloseAsync();
        }

        _playwright?.Dispose();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // Chromium's last process may still write there.
        }
    }
}
