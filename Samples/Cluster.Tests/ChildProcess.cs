using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Text;
using System.Threading.Tasks;

namespace Kernels.Samples.Cluster.Tests;

/// <summary>A process that this test started, and ends.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ChildProcess(string file, IEnumerable<string> arguments, string readyLine, string? disabled = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (disabled is not null)
        {
            start.Environment[disabled] = "0";
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Hear(line.Data, readyLine);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data, readyLine);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Ends when the process has said that it is ready.</summary>
    public Task Ready => _ready.Task.WaitAsync(TimeSpan.FromMinutes(2));

    /// <summary>Kills it at once, which leaves it no time to say goodbye.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void Hear(string? line, string readyLine)
    {
        lock (_output)
        {
            _output.AppendLine(line);
            if (line is null)
            {
                _ready.TrySetException(new InvalidOperationException(_output.ToString()));
            }
            else if (line.Contains(readyLine, StringComparison.Ordinal))
            {
                _ready.TrySetResult();
            }
        }
    }
}
