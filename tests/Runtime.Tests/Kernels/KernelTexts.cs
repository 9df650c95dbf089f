using System.Collections.Immutable;
using MmSpec.Kernels;

namespace MmSpec.Tests.Kernels;

/// <summary>Short forms for tests.</summary>
internal static class KernelTexts
{
    internal static KernelVersion V(string text) => KernelVersion.TryParse(text, out var v) ? v : throw new ArgumentException(text);

    internal static Kernel K(string text) => KernelRequest.TryParseKernel(text, null, out var kernel, out var error) ? kernel : throw new ArgumentException(error);

    /// <summary>A set in the words of the language, without the parser (which stands above this assembly).</summary>
    internal static KernelSet Set(string text) => new([.. text.Split(',', StringSplitOptions.TrimEntries).Select(Item)]);

    internal static Condition In(string set) => new Condition.InSet(Set(set));

    private static KernelSetItem Item(string text)
    {
        var parts = text.Split(" + ");
        var (head, patches) = (parts[0], parts[1..].ToImmutableArray());
        if (head.EndsWith(" only", StringComparison.Ordinal)) return new(KernelSetKind.Exact, V(head[..^5]), null, patches, Only: true);
        if (head.EndsWith('~')) return new(KernelSetKind.StableLine, V(head[..^1]), null, patches);
        if (head.EndsWith('+')) return new(KernelSetKind.From, V(head[..^1]), null, patches);
        if (head.Contains("..", StringComparison.Ordinal))
        {
            var ends = head.Split("..", StringSplitOptions.TrimEntries);
            return new(KernelSetKind.Range, ends[0].Length == 0 ? null : V(ends[0]), V(ends[1]), patches);
        }
        return new(KernelSetKind.Exact, V(head), null, patches);
    }
}
