using MmSpec.Catalog;

namespace MmSpec.Binding;

/// <summary>A name that a <c>let</c>, a loop or a parameter made.</summary>
/// <param name="Name">As written.</param>
/// <param name="Value">A slot, or a constant.</param>
internal sealed record NameSymbol(string Name, TypedExpr Value);

/// <summary>A process with the names that it can use.</summary>
internal sealed class ProcessSymbol(string name)
{
    /// <summary>As written.</summary>
    public string Name => name;
    /// <summary>Its names; a fork copies them.</summary>
    public Dictionary<string, NameSymbol> Names { get; } = new(StringComparer.Ordinal);
}

/// <summary>
/// Who and what is visible at a place. Names belong to a process (or, for loops, rows and parameters, to the place itself); what a loop or a
/// <c>when</c> adds is taken away at its end.
/// </summary>
internal sealed class Scope
{
    private readonly Dictionary<string, ProcessSymbol> _processes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NameSymbol> _common = new(StringComparer.Ordinal);
    private readonly Stack<Action> _undo = new();

    /// <summary>The process of the block around, or null.</summary>
    public ProcessSymbol? Current { get; set; }

    /// <summary>Names of all processes.</summary>
    public IEnumerable<string> ProcessNames => _processes.Keys;

    /// <summary>A mark for <see cref="Leave"/>.</summary>
    public int Enter() => _undo.Count;

    /// <summary>Takes away every name that was made since the mark.</summary>
    public void Leave(int mark)
    {
        while (_undo.Count > mark) _undo.Pop()();
    }

    /// <summary>Looks a process up.</summary>
    public ProcessSymbol? Process(string name) => _processes.GetValueOrDefault(name);

    /// <summary>Makes a process; names is whose names it copies, or null.</summary>
    public ProcessSymbol AddProcess(string name, ProcessSymbol? names, bool local)
    {
        var process = new ProcessSymbol(name);
        if (names is not null) foreach (var (key, symbol) in names.Names) process.Names[key] = symbol with { Value = symbol.Value with { Owner = symbol.Value.Owner is null ? null : name } };
        _processes[name] = process;
        if (local) _undo.Push(() => _processes.Remove(name));
        return process;
    }

    /// <summary>A name as the current process (or the place) sees it.</summary>
    public NameSymbol? Find(string name)
    {
        if (Current is not null && Current.Names.TryGetValue(name, out var own)) return own;
        return _common.GetValueOrDefault(name);
    }

    /// <summary>Adds a name to a process, or (null) to the place itself.</summary>
    public void Add(ProcessSymbol? process, NameSymbol symbol)
    {
        var names = process?.Names ?? _common;
        names[symbol.Name] = symbol;
        _undo.Push(() => names.Remove(symbol.Name));
    }

    /// <summary>Hides all names but those of processes, while a def is bound; the result puts them back.</summary>
    public Action Isolate()
    {
        var common = new Dictionary<string, NameSymbol>(_common, StringComparer.Ordinal);
        var own = Current is null ? null : new Dictionary<string, NameSymbol>(Current.Names, StringComparer.Ordinal);
        var (process, mark) = (Current, _undo.Count);
        _common.Clear();
        process?.Names.Clear();
        return () =>
        {
            Leave(mark);
            Restore(_common, common);
            if (process is not null) Restore(process.Names, own!);
        };
    }

    /// <summary>Names that are visible here, and the processes, for did-you-mean.</summary>
    public IEnumerable<string> Visible => _common.Keys.Concat(Current?.Names.Keys ?? Enumerable.Empty<string>());

    /// <summary>A process that has the name, for a hint.</summary>
    public string? OwnerOf(string name) => _processes.Values.FirstOrDefault(p => p.Names.ContainsKey(name))?.Name;

    /// <summary>The nearest process name.</summary>
    public string? NearestProcess(string name) => Suggest.Nearest(name, _processes.Keys);

    private static void Restore(Dictionary<string, NameSymbol> to, Dictionary<string, NameSymbol> from)
    {
        to.Clear();
        foreach (var (key, value) in from) to[key] = value;
    }
}
