using System.Reflection;
using MmSpec.State;

namespace MmSpec.Sync;

/// <summary>What a frame of one async method holds: checked once, then hashed by generated code.</summary>
internal static class FrameShape<TMachine>
{
    private delegate void Hasher(ref TMachine machine, ref ulong a, ref ulong b);

    private static readonly ulong Name = StateHash.Text(typeof(TMachine).FullName ?? typeof(TMachine).Name);
    private static Hasher? hasher;

    /// <summary>Refuses frames that cannot be saved by copying.</summary>
    /// <exception cref="InvalidOperationException">The message says which field of which method.</exception>
    public static void Check()
    {
        if (FrameRules.Violation(typeof(TMachine)) is { } violation)
        {
            throw new InvalidOperationException(violation);
        }
    }

    /// <summary>Mixes which method it is, where it stands and what its locals are into both lanes.</summary>
    public static void Hash(ref TMachine machine, ref ulong a, ref ulong b)
    {
        (a, b) = (a ^ Name, b ^ Name);
        (hasher ??= (Hasher)ValueHash.Compile(typeof(TMachine), typeof(Hasher), FrameRules.IsPlumbing, references: true))(ref machine, ref a, ref b);
    }
}

/// <summary>What may live across an await: numbers, enums, handles, structs of such, and references to what never changes or undoes its own changes.</summary>
internal static class FrameRules
{
    /// <summary>Why this compiler-made state machine cannot be a frame, or null.</summary>
    public static string? Violation(Type machine)
    {
        if (!machine.IsValueType)
        {
            return $"{machine.FullName} is a class; code that runs on the model must be compiled with optimisation";
        }
        return Violation(machine, machine.FullName ?? machine.Name);
    }

    /// <summary>Fields that the compiler needs and that say nothing about the method's state.</summary>
    public static bool IsPlumbing(FieldInfo field)
    {
        var type = field.FieldType;
        return type.Name.StartsWith("KernelTaskBuilder", StringComparison.Ordinal) && type.Namespace == typeof(FrameRules).Namespace
            || typeof(ISuspend).IsAssignableFrom(type);
    }

    private static string? Violation(Type type, string name)
    {
        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            if (IsPlumbing(field))
            {
                continue;
            }
            var part = $"{name}.{field.Name}";
            var of = field.FieldType;
            if (of == typeof(KernelTask) || of.IsGenericType && of.GetGenericTypeDefinition() == typeof(KernelTask<>))
            {
                return $"{part} keeps a kernel task across an await; await it where it is made";
            }
            if (of.IsPrimitive || of.IsEnum || of.IsPointer || of.Namespace == "System.Collections.Immutable")
            {
                continue;
            }
            if (!of.IsValueType)
            {
                if (!Immutability.MayBeShared(of))
                {
                    return $"{part} ({of}) lives across an await and may change; keep a handle or a value";
                }
            }
            else if (Violation(of, part) is { } inner)
            {
                return inner;
            }
        }
        return null;
    }
}
