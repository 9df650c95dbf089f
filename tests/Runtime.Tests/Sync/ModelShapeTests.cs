using System.Reflection;
using System.Runtime.CompilerServices;
using MmSpec.State;
using MmSpec.Sync;

namespace MmSpec.Tests.Sync;

/// <summary>What must hold for every type of the model, whoever adds it.</summary>
internal sealed class ModelShapeTests
{
    private static readonly string[] Model = ["MmSpec.Mm", "MmSpec.Hugetlb", "MmSpec.Files"];

    private static bool IsModel(Type type) => type.Namespace is { } name && Model.Any(m => name == m || name.StartsWith(m + ".", StringComparison.Ordinal));

    [Test]
    public void Model_types_keep_their_state_in_state_objects()
    {
        var wrong = new List<string>();
        foreach (var type in typeof(Store).Assembly.GetTypes().Where(t => IsModel(t) && t.IsClass && !IsGenerated(t)))
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (!field.IsLiteral && !field.IsInitOnly && !IsGenerated(field))
                {
                    wrong.Add($"{type.FullName}.{field.Name} can be assigned");
                }
                else if (!field.IsStatic && !Immutability.MayBeShared(field.FieldType))
                {
                    wrong.Add($"{type.FullName}.{field.Name} ({field.FieldType.Name}) is, or leads to, something that may change");
                }
            }
        }
        Assert.That(wrong, Is.Empty, "state of the model lives in Cell, Slab and RunMap only; SharedImmutable vouches for what reflection cannot judge");
    }

    [Test]
    public void Frames_of_the_model_can_be_copied()
    {
        var wrong = typeof(Store).Assembly.GetTypes()
            .Where(t => typeof(IAsyncStateMachine).IsAssignableFrom(t) && !t.IsInterface && !t.ContainsGenericParameters && IsKernelTask(t))
            .Select(FrameRules.Violation).OfType<string>();
        Assert.That(wrong, Is.Empty);
    }

    private static bool IsKernelTask(Type machine) =>
        machine.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Any(f => f.FieldType.Name.StartsWith("KernelTaskBuilder", StringComparison.Ordinal));

    private static bool IsGenerated(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute)) && !member.Name.EndsWith(">k__BackingField", StringComparison.Ordinal)
        || member.DeclaringType is { } outer && IsGenerated(outer);
}
