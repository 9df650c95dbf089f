using System.Collections.Immutable;
using MmSpec.Catalog;
using MmSpec.Diagnostics;
using MmSpec.Syntax;
using MmSpec.Testing;
using MmSpec.Text;

namespace MmSpec.Binding;

/// <summary>Machines: merges bases, substitutes rows, and checks items against the catalogue.</summary>
/// <param name="declarations">Machines that are visible.</param>
/// <param name="diagnostics">Receives what is wrong.</param>
/// <param name="evaluate">Binds an expression in the names of the row; the flag says that a bare word is one.</param>
internal sealed class MachineBinder(Declarations declarations, DiagnosticBag diagnostics, Func<SourceText, ExpressionSyntax, bool, TypedExpr> evaluate)
{
    private readonly List<Entry> _entries = [];
    private readonly List<Need> _needs = [];
    private readonly List<Mount> _refused = [];

    private sealed record Entry(string Kind, Value Key, int Node, List<Setting> Settings);

    /// <summary>Binds a scenario's machine.</summary>
    public BoundMachine Bind(SourceText source, ScenarioMachineSyntax? syntax)
    {
        if (syntax?.Name is { Text.Length: > 0 } name) AddNamed(source, name, []);
        if (syntax is { Items.IsDefault: false }) AddItems(source, syntax.Items);
        return Result();
    }

    /// <summary>Binds a declared machine by itself, so that its mistakes are told even if nobody uses it.</summary>
    public BoundMachine Bind(MachineDeclaration machine)
    {
        AddNamed(machine.Source, machine.Syntax.Name, []);
        return Result();
    }

    private BoundMachine Result()
    {
        var items = _entries.Select(e => new MachineItem(e.Kind, e.Key, e.Node, [.. e.Settings])).ToImmutableArray();
        var mounts = _entries.Where(e => e.Kind == "mount" && e.Key.Kind == ValueKind.Text)
            .Select(e => new Mount(e.Settings.Find(s => s.Name == "type")?.Value.Text ?? "", e.Key.Text) { PageSize = (long)(e.Settings.Find(s => s.Name == "pagesize")?.Value is { Kind: ValueKind.Number } size ? size.Number : 0) }).Concat(_refused).ToImmutableArray();
        var config = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var entry in _entries.Where(e => e.Kind == "config"))
            foreach (var setting in entry.Settings) config[setting.Name] = setting.Value is { Kind: ValueKind.Text, Text: "y" or "m" };
        return new(new Machine(items), mounts, config, [.. _needs]);
    }

    private void AddNamed(SourceText source, NameSyntax name, ImmutableHashSet<string> under)
    {
        if (!declarations.Machines.TryGetValue(name.Text, out var machine))
        {
            diagnostics.UnknownMachine(source, name.Span, name.Text, Suggest.Nearest(name.Text, declarations.Machines.Keys));
            return;
        }
        if (under.Contains(name.Text))
        {
            diagnostics.MachineCycle(source, name.Span, name.Text);
            return;
        }
        if (machine.Syntax.Base is { Text.Length: > 0 } parent) AddNamed(machine.Source, parent, under.Add(name.Text));
        AddItems(machine.Source, machine.Syntax.Items);
    }

    private void AddItems(SourceText source, ImmutableArray<MachineItemSyntax> items)
    {
        var seen = new HashSet<(string, Value, int)>();
        foreach (var item in items) AddItem(source, item, -1, seen);
    }

    private void AddItem(SourceText source, MachineItemSyntax syntax, int node, HashSet<(string, Value, int)> seen)
    {
        var name = syntax.Kind;
        if (name.Text.Length == 0) return;
        if (!MachineItems.TryGet(name.Text, out var kind))
        {
            diagnostics.UnknownMachineItem(source, name.Span, "a machine", name.Text, MachineItems.Suggest(name.Text));
            return;
        }
        if (node >= 0 && !kind.InNode)
        {
            diagnostics.BadMachineItem(source, name.Span, $"'{name.Text}' does not stand in a node");
            return;
        }
        if (!kind.Supported)
        {
            diagnostics.MachineNotSupported(source, name.Span, name.Text);
            return;
        }
        if (Key(source, syntax, kind) is not { } key) return;
        if (!seen.Add((kind.Kind, kind.IsScalar ? Value.Absent : key, node)))
        {
            diagnostics.Twice(source, syntax.Kind.Span, "item", syntax.Arguments.IsDefaultOrEmpty ? kind.Kind : $"{kind.Kind} {key}");
            return;
        }
        var entry = _entries.Find(e => e.Kind == kind.Kind && e.Node == node && (kind.IsScalar || e.Key.Equals(key)));
        if (entry is null || kind.IsScalar)
        {
            if (entry is not null) _entries.Remove(entry);
            entry = new(kind.Kind, key, node, []);
            _entries.Add(entry);
        }
        if (kind.Kind == "mount") Set(entry, "type", Value.OfText(((NameExpressionSyntax)syntax.Arguments[0]).Text));
        if (kind.Kind == "node")
        {
            foreach (var inner in syntax.Items.IsDefault ? [] : syntax.Items) AddItem(source, inner, (int)key.Number, seen);
            return;
        }
        if (syntax.Items.IsDefault) return;
        if (kind.IsScalar && syntax.Items.Length > 0)
        {
            diagnostics.BadMachineItem(source, syntax.Items[0].Span, $"write '{kind.Kind}: VALUE'");
            return;
        }
        AddSettings(source, syntax.Items, kind, entry, "", new(StringComparer.Ordinal));
    }

    /// <summary>What identifies the item; null where it is wrong (diagnosed).</summary>
    private Value? Key(SourceText source, MachineItemSyntax syntax, MachineItemKind kind)
    {
        var arguments = syntax.Arguments.IsDefault ? [] : syntax.Arguments;
        if (kind.IsScalar != syntax.Value is not null)
        {
            diagnostics.BadMachineItem(source, syntax.Kind.Span, kind.IsScalar ? $"write '{kind.Kind}: VALUE'" : $"'{kind.Kind}' takes braces, not a value");
            return null;
        }
        if (kind.IsScalar) return Checked(source, syntax.Value!, kind.Key ?? ParameterType.Any, $"'{kind.Kind}'", 1);
        if (kind.Kind == "mount") return MountKey(source, syntax, arguments);
        var expected = kind.Key is null ? 0 : 1;
        if (arguments.Length != expected)
        {
            diagnostics.BadMachineItem(source, arguments.Length > expected ? arguments[expected].Span : syntax.Kind.Span, kind.Key is null ? $"nothing stands between '{kind.Kind}' and its braces"
                : kind.Kind == "hugepages" ? "write the page size: 'hugepages 2M { … }'" : $"write which: '{kind.Kind} … {{ … }}'");
            return null;
        }
        if (kind.Key is null) return Value.Absent;
        if (Checked(source, arguments[0], kind.Key.Value, $"what stands after '{kind.Kind}'", 0) is not { } key) return null;
        if (kind.Kind == "hugepages" && key.Number != 2 << 20 && key.Number != 1 << 30)
        {
            diagnostics.OutOfBounds(source, arguments[0].Span, "the size of huge pages", "2M or 1G");
            return null;
        }
        if (kind.Kind == "node" && (key.Number < 0 || key.Number > 63))
        {
            diagnostics.OutOfBounds(source, arguments[0].Span, "the number of a node", "0 to 63");
            return null;
        }
        return key;
    }

    private Value? MountKey(SourceText source, MachineItemSyntax syntax, ImmutableArray<ExpressionSyntax> arguments)
    {
        if (arguments is not [NameExpressionSyntax { Text: var type }, var path])
        {
            diagnostics.BadMachineItem(source, syntax.Kind.Span, "write 'mount hugetlbfs \"/path\" { … }'");
            return null;
        }
        if (type is not ("hugetlbfs" or "tmpfs" or "ext4"))
        {
            diagnostics.UnknownMachineItem(source, arguments[0].Span, "mount", type, Suggest.Nearest(type, ["hugetlbfs", "tmpfs", "ext4"]));
            return null;
        }
        if (type != "hugetlbfs")
        {
            diagnostics.MachineNotSupported(source, arguments[0].Span, $"mount {type}");
            if (path is StringLiteralSyntax { Value: var refused }) _refused.Add(new(type, refused, true));
            return null;
        }
        var value = evaluate(source, path, false);
        if (value.IsError) return null;
        if (value.Word is { } text && text.StartsWith('/') && text.Length > 1 && !text.EndsWith('/') && !text.Contains("//", StringComparison.Ordinal)) return Value.OfText(text);
        diagnostics.BadMachineItem(source, path.Span, "a mount needs an absolute path in quotes, without a '/' at its end");
        return null;
    }

    private void AddSettings(SourceText source, ImmutableArray<MachineItemSyntax> items, MachineItemKind kind, Entry entry, string prefix, HashSet<string> seen)
    {
        foreach (var item in items)
        {
            if (item.Kind.Text.Length == 0) continue;
            var name = prefix + item.Kind.Text;
            if (item.Value is null)
            {
                if (!item.Items.IsDefault && kind.Settings.Any(s => s.Name.StartsWith(name + ".", StringComparison.Ordinal))) AddSettings(source, item.Items, kind, entry, name + ".", seen);
                else if (kind.Find(name) is null && !kind.OpenSettings) Unknown(source, item, kind, name);
                else diagnostics.BadMachineItem(source, item.Kind.Span, $"write '{item.Kind.Text}: VALUE'");
                continue;
            }
            if (!seen.Add(name))
            {
                diagnostics.Twice(source, item.Kind.Span, "key", name);
                continue;
            }
            if (kind.Kind == "config")
            {
                AddConfig(source, item, entry);
                continue;
            }
            if (kind.Find(name) is not { } key || (kind.Kind == "mount" && name == "type"))
            {
                Unknown(source, item, kind, name);
                continue;
            }
            if (!key.Supported)
            {
                diagnostics.MachineNotSupported(source, item.Kind.Span, $"{kind.Kind} {name}");
                continue;
            }
            if (key.AvailableIn.Rule is not null) _needs.Add(new(key.AvailableIn, $"{kind.Kind} {name}", source, item.Kind.Span));
            if (Checked(source, item.Value, key.Type, $"'{name}'", 0) is not { } value) continue;
            if (!key.Words.IsEmpty && !(value.Kind == ValueKind.Text && key.Words.Contains(value.Text)))
            {
                diagnostics.OutOfBounds(source, item.Value.Span, $"'{name}'", string.Join(" or ", key.Words));
                continue;
            }
            if (kind.Kind == "mount" && name == "pagesize" && value.Number != 2 << 20 && value.Number != 1 << 30)
            {
                diagnostics.OutOfBounds(source, item.Value.Span, "the size of huge pages", "2M or 1G");
                continue;
            }
            Set(entry, name, value);
        }
    }

    private void AddConfig(SourceText source, MachineItemSyntax item, Entry entry)
    {
        if (!Kernels.KernelConfig.Known.Contains(item.Kind.Text))
        {
            diagnostics.UnknownConfig(source, item.Kind.Span, item.Kind.Text, Suggest.Nearest(item.Kind.Text, Kernels.KernelConfig.Known));
            return;
        }
        var value = evaluate(source, item.Value!, true);
        if (value.IsError) return;
        if (value.Word is "y" or "m" or "n") Set(entry, item.Kind.Text, Value.OfText(value.Word));
        else diagnostics.OutOfBounds(source, item.Value!.Span, $"'{item.Kind.Text}'", "y, m or n");
    }

    private void Unknown(SourceText source, MachineItemSyntax item, MachineItemKind kind, string name) =>
        diagnostics.UnknownMachineItem(source, item.Kind.Span, kind.Kind, name, Suggest.Nearest(name, kind.Settings.Select(s => s.Name)), [.. kind.Settings.Where(s => s.Supported).Select(s => s.Name)]);

    private static void Set(Entry entry, string name, Value value)
    {
        entry.Settings.RemoveAll(s => s.Name == name);
        entry.Settings.Add(new(name, value));
    }

    /// <summary>A constant of the type, at least the minimum; null where it is not (diagnosed).</summary>
    private Value? Checked(SourceText source, ExpressionSyntax syntax, ParameterType type, string what, int minimum)
    {
        var value = evaluate(source, syntax, type is ParameterType.Text or ParameterType.Setting or ParameterType.Any);
        if (value.IsError) return null;
        if (!value.IsConstant)
        {
            diagnostics.NotConstant(source, syntax.Span, what);
            return null;
        }
        if (value.Word is { } word)
        {
            if (type is ParameterType.Text or ParameterType.Path or ParameterType.Setting or ParameterType.Any) return Value.OfText(word);
            diagnostics.WrongType(source, syntax.Span, type == ParameterType.Size ? "a size" : "a number", value.Type.ToString());
            return null;
        }
        if (type == ParameterType.Count && value.Type.Kind == TypeKind.Size)
        {
            diagnostics.SizeForCount(source, syntax.Span, what);
            return null;
        }
        var fits = type switch
        {
            ParameterType.Size => value.Type.Kind is TypeKind.Size or TypeKind.Number,
            ParameterType.Count or ParameterType.Number => value.Type.Kind is TypeKind.Number or TypeKind.Count,
            ParameterType.Text or ParameterType.Path => false,
            _ => value.Type.Kind is TypeKind.Number or TypeKind.Size or TypeKind.Time or TypeKind.Count,
        };
        if (!fits || value.Exact is not { } n)
        {
            diagnostics.WrongType(source, syntax.Span, type switch { ParameterType.Size => "a size", ParameterType.Count => "a count", ParameterType.Text => "a word", ParameterType.Path => "a path in quotes", _ => "a number" }, value.Type.ToString());
            return null;
        }
        if (n < minimum || n > ulong.MaxValue)
        {
            diagnostics.OutOfBounds(source, syntax.Span, what, $"{minimum} or more, and less than 2^64");
            return null;
        }
        return type == ParameterType.Size || value.Type.Kind == TypeKind.Size ? Value.OfSize((Int128)n) : value.Type.Kind == TypeKind.Time ? Value.OfTime((Int128)n) : Value.OfNumber((Int128)n);
    }
}
