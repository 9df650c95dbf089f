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
        foreach (var type in typeof(Store).Assembly.GetTypes().Where(t => IsModel(t) && t.IsClass && !IsGenerated(t) && !t.IsDefined(typeof(NotStateAttribute))))
        {
            wrong.AddRange(Judge(type));
        }
        Assert.That(wrong, Is.Empty, "state of the model lives in Cell, Slab and RunMap only; SharedImmutable vouches for what reflection cannot judge");
    }

    [Test]
    public void The_judgement_sees_what_it_must()
    {
        Assert.That(Judge(typeof(Good)), Is.Empty);
        Assert.That(Judge(typeof(Bad)).Select(w => w.Split(' ')[0].Split('.')[^1]), Is.EquivalentTo(new[] { "Number", "_list", "_numbers", "_bad", "<Set>k__BackingField" }));
    }

    private sealed record Good(string Name, Store Store, Cell<int>[] Cells)
    {
        [NotState("test")]
        private readonly List<int> _notes = [];

        public override string ToString() => $"{_notes.Count}";
    }

    private sealed class Bad(Bad? bad)
    {
        public int Number = 1;
        private readonly List<int> _list = [];
        private readonly int[] _numbers = [];
        private readonly Bad? _bad = bad;

        public int Set { get; set; }

        public override string ToString() => $"{_list.Count + _numbers.Length} {_bad}";
    }

    private static IEnumerable<string> Judge(Type type)
    {
        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        {
            if (field.IsDefined(typeof(NotStateAttribute)) || IsGenerated(field))
            {
                continue;
            }
            if (!field.IsLiteral && !field.IsInitOnly)
            {
                yield return $"{type.FullName}.{field.Name} can be assigned";
            }
            else if (!field.IsStatic && !MayStand(field.FieldType))
            {
                yield return $"{type.FullName}.{field.Name} ({field.FieldType.Name}) is, or leads to, something that may change";
            }
        }
    }

    /// <summary>An array is taken for fixed where its elements are objects; one of numbers is not.</summary>
    private static bool MayStand(Type type) =>
        type.IsArray ? !type.GetElementType()!.IsValueType && MayStand(type.GetElementType()!) : Immutability.MayBeShared(type);

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
