using System.Collections.Immutable;
using MmSpec.Catalog;
using MmSpec.Diagnostics;
using MmSpec.Kernels;
using MmSpec.Syntax;
using MmSpec.Text;

namespace MmSpec.Binding;

/// <summary>Turns kernel sets and conditions into data, and diagnoses versions, patches and rules that do not exist.</summary>
internal sealed class KernelSetBinder(PatchTable patches, DiagnosticBag diagnostics)
{
    /// <summary>The patches that can be named: those in the box and those of the file.</summary>
    public PatchTable Patches => patches;

    private readonly Dictionary<string, Traits> _resolved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CoveredKernels> _covered = new(StringComparer.Ordinal);

    /// <summary>The kernels that a set covers, on a machine with this configuration. Many scenarios cover the same, so the answers are kept.</summary>
    public CoveredKernels Covered(KernelSet set, IReadOnlyDictionary<string, bool> config)
    {
        if (config.Count > 0) return CoveredKernels.Of(set, patches, config, new(StringComparer.Ordinal));
        var key = ConditionText.Of(new Condition.InSet(set));
        if (!_covered.TryGetValue(key, out var covered)) _covered[key] = covered = CoveredKernels.Of(set, patches, config, _resolved);
        return covered;
    }

    /// <summary>Binds a set; null where one of its items is wrong.</summary>
    public KernelSet? BindSet(SourceText source, KernelSetSyntax syntax)
    {
        var items = ImmutableArray.CreateBuilder<KernelSetItem>(syntax.Items.Length);
        var good = true;
        foreach (var item in syntax.Items)
        {
            if (BindItem(source, item) is { } bound) items.Add(bound);
            else good = false;
        }
        return good && items.Count > 0 ? new KernelSet(items.ToImmutable()) : null;
    }

    /// <summary>Binds what stands before an arm's colon or after <c>when kernel</c>; null where it is wrong.</summary>
    public Condition? BindCondition(SourceText source, ConditionSyntax syntax)
    {
        switch (syntax)
        {
            case KernelConditionSyntax kernels:
                return BindSet(source, kernels.Set) is { } set ? new Condition.InSet(set) : null;
            case RuleConditionSyntax { Rule: var rule }:
                if (rule.Text.Length == 0) return null;
                if (RuleRegistry.TryGet(rule.Text, out _)) return new Condition.HasRule(rule.Text);
                diagnostics.UnknownRule(source, rule.Span, rule.Text, RuleRegistry.Suggest(rule.Text));
                return null;
            case ConfigConditionSyntax { Option: var option }:
                if (option.Text.Length == 0) return null;
                if (KernelConfig.Known.Contains(option.Text)) return new Condition.HasConfig(option.Text);
                diagnostics.UnknownConfig(source, option.Span, option.Text, Suggest.Nearest(option.Text, KernelConfig.Known));
                return null;
            default:
                return new Condition.Otherwise();
        }
    }

    private KernelSetItem? BindItem(SourceText source, KernelItemSyntax syntax)
    {
        var from = BindVersion(source, syntax.From, out var fromBad);
        var to = BindVersion(source, syntax.To, out var toBad);
        if (fromBad | toBad) return null;
        var kind = syntax.Form switch
        {
            KernelItemForm.From => KernelSetKind.From,
            KernelItemForm.Range => KernelSetKind.Range,
            KernelItemForm.StableLine => KernelSetKind.StableLine,
            _ => KernelSetKind.Exact,
        };
        if (kind == KernelSetKind.Range ? to is null : from is null) return null;
        if (from is { } low && to is { } high && (high.Point == 0 ? low.Series > high : low > high))
        {
            diagnostics.ReversedRange(source, syntax.Span, low.ToString(), high.ToString());
            return null;
        }

        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var patch in syntax.Patches)
        {
            if (patch.Text.Length == 0) return null;
            if (!patches.TryGet(patch.Text, out var known))
            {
                diagnostics.UnknownPatch(source, patch.Span, patch.Text, patches.Suggest(patch.Text));
                return null;
            }
            if (!known.Supported)
            {
                diagnostics.PatchNotSupported(source, patch.Span, patch.Text);
                return null;
            }
            names.Add(patch.Text);
        }
        var item = new KernelSetItem(kind, from, to, names.ToImmutable(), syntax.Only);
        if (names.Count > 0 && !KernelReleases.Mainline.Any(v => item.ContainsVersion(v) && patches.Problem(new Kernel(v, item.Patches)) is null)
            && !(from is { Point: > 0 } point && patches.Problem(new Kernel(point, item.Patches)) is null))
        {
            var first = KernelReleases.Mainline.FirstOrDefault(v => item.ContainsVersion(v), from ?? KernelReleases.Oldest);
            diagnostics.PatchDoesNotApply(source, syntax.Span, patches.Problem(new Kernel(first, item.Patches)) ?? "the patch does not apply here");
            return null;
        }
        return item;
    }

    private KernelVersion? BindVersion(SourceText source, NameSyntax? text, out bool bad)
    {
        bad = false;
        if (text is null) return null;
        if (text.Text.Length == 0)
        {
            bad = true;
            return null;
        }
        if (!KernelVersion.TryParse(text.Text, out var version))
        {
            diagnostics.BadVersion(source, text.Span, $"'{text.Text}' is no Linux version; write 6.12, 6.12.48 or 2.6.32");
            bad = true;
            return null;
        }
        if (!KernelReleases.IsKnown(version))
        {
            diagnostics.BadVersion(source, text.Span, KernelReleases.Explain(version));
            bad = true;
            return null;
        }
        return version;
    }
}
