using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace MmSpec.State;

/// <summary>Vouches that objects of a type never change once they are built, or change only through <see cref="StateObject"/>s, where reflection cannot see it.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface)]
public sealed class SharedImmutableAttribute : Attribute;

/// <summary>Says that something in the model changes outside the <see cref="StateObject"/>s although nothing that the model does hangs on when it changed.</summary>
/// <param name="why">Why not: it only grows and is found again by content, or it is notes for people.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Field)]
public sealed class NotStateAttribute(string why) : Attribute
{
    /// <summary>The reason.</summary>
    public string Why { get; } = why;
}

/// <summary>Tells which reference types undo cannot surprise.</summary>
internal static class Immutability
{
    private static readonly ConcurrentDictionary<Type, bool> Known = new();

    /// <summary>Whether a reference of this type may stand in a frame or in the model: it never changes, or undoes its own changes.</summary>
    public static bool MayBeShared(Type type) => Known.TryGetValue(type, out var known) ? known : Known[type] = Judge(type, []);

    private static bool Judge(Type type, HashSet<Type> open)
    {
        if (type == typeof(string) || typeof(Type).IsAssignableFrom(type) || typeof(Delegate).IsAssignableFrom(type)
            || typeof(StateObject).IsAssignableFrom(type) || type == typeof(Store) || type == typeof(Sync.KernelSync)
            || type.IsDefined(typeof(SharedImmutableAttribute), inherit: true))
        {
            return true;
        }
        if (type.IsPrimitive || type.IsEnum || type.IsPointer)
        {
            return true;
        }
        if (type.IsArray || type == typeof(object))
        {
            return false;
        }
        if (type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true && !type.IsValueType)
        {
            return type.Namespace.StartsWith("System.Collections.Immutable", StringComparison.Ordinal)
                || type.Namespace.StartsWith("System.Collections.Frozen", StringComparison.Ordinal)
                || type.IsInterface && type.Name.StartsWith("IReadOnly", StringComparison.Ordinal);
        }
        if (type.Namespace == "System.Collections.Immutable")
        {
            return true;
        }
        if (type.IsInterface)
        {
            return false;
        }
        if (!open.Add(type))
        {
            return true;        // judged further out
        }
        for (var level = type; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            foreach (var field in level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                // What a closure captured cannot be marked as read-only; a captured number is refused, a captured service is not.
                var steady = field.IsInitOnly || type.IsValueType || (IsClosure(type) && !field.FieldType.IsValueType);
                if (!steady || !Judge(field.FieldType, open))
                {
                    return false;
                }
            }
        }
        return true;
    }

    private static bool IsClosure(Type type) => type.IsDefined(typeof(CompilerGeneratedAttribute)) && type.Name.Contains("DisplayClass", StringComparison.Ordinal);
}
