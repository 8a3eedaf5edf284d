// Geometry is linked into generator and runtime, whose internals tests see both: here its names are the generator's.
extern alias generators;

global using AxisGeometry = generators::Kernels.Geometry.AxisGeometry;
global using AxisPhase = generators::Kernels.Geometry.AxisPhase;
global using AxisSpec = generators::Kernels.Geometry.AxisSpec;
global using FusedFunction = generators::Kernels.Fusion.FusedFunction;
