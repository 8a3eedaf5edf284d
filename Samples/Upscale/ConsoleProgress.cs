using System;

namespace Kernels.Samples.Upscale;

/// <summary>
/// Shows a share on the error stream: a line that is drawn over in a terminal, and only the finished line in a file.
/// </summary>
internal sealed class ConsoleProgress(string label) : IProgress<double>
{
    private int _shown = -1;

    public void Report(double value)
    {
        int percent = (int)(100 * value);
        if (percent == _shown)
        {
            return;
        }

        _shown = percent;
        if (percent >= 100)
        {
            Console.Error.WriteLine(Console.IsErrorRedirected ? $"{label}: done" : $"\r{label}: done  ");
        }
        else if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r{label}: {percent,3} %");
        }
    }
}
