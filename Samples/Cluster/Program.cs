using System.CommandLine;
using System.Threading.Tasks;
using Kernels.Samples.Cluster.Commands;

namespace Kernels.Samples.Cluster;

/// <summary><c>kernels-cluster</c>: the work of many machines, on Microsoft Orleans.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) =>
        new RootCommand("Runs int8 networks over folders of frames and large pictures, on one machine or many.")
        {
            RunCommand.Create(),
            SiloCommand.Create(),
            MeasureCommand.Create(),
        }.Parse(args).InvokeAsync();
}
