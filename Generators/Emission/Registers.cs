using Iced.Intel;

namespace Kernels.Generators.Emission;

/// <summary>Parts of a vector register.</summary>
internal static class Registers
{
    /// <summary>The lower 32 bytes.</summary>
    public static AssemblerRegisterYMM Half(AssemblerRegisterZMM register) => new(Register.YMM0 + (register.Value - Register.ZMM0));

    /// <summary>The lowest 16 bytes.</summary>
    public static AssemblerRegisterXMM Quarter(AssemblerRegisterZMM register) => new(Register.XMM0 + (register.Value - Register.ZMM0));
}
