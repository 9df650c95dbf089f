using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace MmSpec.State;

/// <summary>Hashes a struct by all its fields, nested structs included. The code is made once for a type.</summary>
internal static class ValueHash<T> where T : struct
{
    private delegate void Hasher(ref T value, ref ulong a, ref ulong b);

    private static Hasher? hasher;

    /// <summary>Mixes every field of <paramref name="value"/> into both lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Mix(ref T value, ref ulong a, ref ulong b)
    {
        if (typeof(T) == typeof(int))
        {
            ValueHash.Mix(ref a, ref b, (uint)Unsafe.As<T, int>(ref value));
        }
        else if (typeof(T) == typeof(ulong) || typeof(T) == typeof(long))
        {
            ValueHash.Mix(ref a, ref b, Unsafe.As<T, ulong>(ref value));
        }
        else
        {
            (hasher ??= (Hasher)ValueHash.Compile(typeof(T), typeof(Hasher), _ => false))(ref value, ref a, ref b);
        }
    }
}

/// <summary>Makes the code that hashes a struct.</summary>
internal static class ValueHash
{
    private static readonly MethodInfo MixMethod = typeof(ValueHash).GetMethod(nameof(Mix), BindingFlags.NonPublic | BindingFlags.Static)!;
    private static readonly MethodInfo IdentityMethod = typeof(ValueHash).GetMethod(nameof(Identity), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Makes a <c>void (ref T value, ref ulong a, ref ulong b)</c> that mixes every field into both lanes.</summary>
    /// <param name="type">T.</param>
    /// <param name="signature">The delegate's type.</param>
    /// <param name="skip">Fields that contribute nothing.</param>
    /// <param name="references">Whether references may stand in the struct; they contribute their identity.</param>
    public static Delegate Compile(Type type, Type signature, Func<FieldInfo, bool> skip, bool references = false)
    {
        var method = new DynamicMethod("Hash", null, [type.MakeByRefType(), typeof(ulong).MakeByRefType(), typeof(ulong).MakeByRefType()], typeof(ValueHash).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        new Emitter(il, skip, references).Value(type, [], type.FullName ?? type.Name);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate(signature);
    }

    /// <summary>Mixes a word into both lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Mix(ref ulong a, ref ulong b, ulong value) => (a, b) = (StateHash.Mix(a, value), StateHash.Mix(b, value));

    /// <summary>The identity of what a suspended frame refers to: the same object gives the same number for as long as it lives.</summary>
    private static ulong Identity(object? reference) => reference switch
    {
        null => 0,
        StateObject state => state.Key,
        string text => StateHash.Text(text),
        _ => (ulong)RuntimeHelpers.GetHashCode(reference),
    };

    private sealed class Emitter(ILGenerator il, Func<FieldInfo, bool> skip, bool references)
    {
        /// <summary>Mixes the value at <paramref name="path"/> (steps that turn an address into the address of a part) into the lanes.</summary>
        public void Value(Type type, Action[] path, string name)
        {
            if (type.IsPrimitive || type.IsEnum || type.IsPointer)
            {
                Mix(path, () => Load(type));
                return;
            }
            if (!type.IsValueType)
            {
                if (!references)
                {
                    throw new InvalidOperationException($"{name} is a reference; state holds values and handles only");
                }
                Mix(path, () =>
                {
                    il.Emit(OpCodes.Ldind_Ref);
                    il.Emit(OpCodes.Call, IdentityMethod);
                });
                return;
            }
            if (Nullable.GetUnderlyingType(type) is null && typeof(IStateful<>).MakeGenericType(type) is var stateful && stateful.IsAssignableFrom(type))
            {
                foreach (var lane in new[] { OpCodes.Ldarg_1, OpCodes.Ldarg_2 })
                {
                    il.Emit(lane);
                    Address(path);
                    il.Emit(lane);
                    il.Emit(OpCodes.Ldind_I8);
                    il.Emit(OpCodes.Constrained, type);
                    il.Emit(OpCodes.Callvirt, stateful.GetMethod("HashInto")!);
                    il.Emit(OpCodes.Stind_I8);
                }
                return;
            }
            var copies = type.GetCustomAttribute<InlineArrayAttribute>()?.Length ?? 1;
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            {
                if (skip(field))
                {
                    continue;
                }
                if (field.GetCustomAttribute<FixedBufferAttribute>() is not null)
                {
                    throw new InvalidOperationException($"{name}.{field.Name} is a fixed buffer; use an inline array");
                }
                for (var i = 0; i < copies; i++)
                {
                    var index = i;
                    Value(field.FieldType, [.. path, () => Part(field, index)], $"{name}.{field.Name}");
                }
            }
        }

        private void Part(FieldInfo field, int index)
        {
            il.Emit(OpCodes.Ldflda, field);
            if (index > 0)
            {
                il.Emit(OpCodes.Sizeof, field.FieldType);
                il.Emit(OpCodes.Ldc_I4, index);
                il.Emit(OpCodes.Mul);
                il.Emit(OpCodes.Add);
            }
        }

        private void Address(Action[] path)
        {
            il.Emit(OpCodes.Ldarg_0);
            foreach (var step in path)
            {
                step();
            }
        }

        private void Mix(Action[] path, Action load)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldarg_2);
            Address(path);
            load();
            il.Emit(OpCodes.Call, MixMethod);
        }

        private void Load(Type type)
        {
            if (type.IsEnum)
            {
                type = Enum.GetUnderlyingType(type);
            }
            if (type == typeof(float) || type == typeof(double))
            {
                il.Emit(type == typeof(float) ? OpCodes.Ldind_I4 : OpCodes.Ldind_I8);    // the bits
            }
            else if (type == typeof(nint) || type == typeof(nuint) || type.IsPointer)
            {
                il.Emit(OpCodes.Ldind_I);
            }
            else
            {
                il.Emit(System.Runtime.InteropServices.Marshal.SizeOf(type == typeof(bool) ? typeof(byte) : type == typeof(char) ? typeof(ushort) : type) switch
                {
                    1 => OpCodes.Ldind_U1,
                    2 => OpCodes.Ldind_U2,
                    4 => OpCodes.Ldind_U4,
                    _ => OpCodes.Ldind_I8,
                });
            }
            il.Emit(OpCodes.Conv_U8);
        }
    }
}
