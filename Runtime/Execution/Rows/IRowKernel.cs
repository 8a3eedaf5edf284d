namespace Kernels.Execution;

/// <summary>Work that consists of rows, any run of which can be computed apart from the others and on any thread.</summary>
internal interface IRowKernel
{
    /// <summary>Computes rows.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="end">The row behind the last.</param>
    void Run(int first, int end);
}
