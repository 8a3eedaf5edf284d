namespace Kernels.Tests.Training;

/// <summary>A layer in double precision, plainly: the values in order n, h, w, c, and one array for each parameter, to the output.</summary>
internal delegate double[] DoubleLayer(double[] input, double[][] parameters);
