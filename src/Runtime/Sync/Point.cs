using System.Runtime.CompilerServices;

namespace MmSpec.Sync;

/// <summary>A scheduling point: <c>await sync.Point()</c> completes at once unless a search runs. One stands before every access to shared state that no lock protects.</summary>
public readonly struct Point : ICriticalNotifyCompletion, ISuspend
{
    private readonly KernelSync _sync;
    private readonly string? _what;

    internal Point(KernelSync sync, string? what) => (_sync, _what) = (sync, what);

    /// <summary>Whether nothing else can run here.</summary>
    public bool IsCompleted => _sync.IsImmediate;

    KernelSync ISuspend.Sync => _sync;

    /// <summary>For <c>await</c>.</summary>
    public Point GetAwaiter() => this;

    /// <summary>Nothing.</summary>
    public void GetResult()
    {
    }

    void ISuspend.Suspend(Frame frame) => _sync.Park(frame, new Pending { Kind = PendingKind.Point, What = _what });

    /// <summary>Not used: only kernel tasks may await a point.</summary>
    public void OnCompleted(Action continuation) => throw KernelTask.Foreign();

    /// <summary>Not used: only kernel tasks may await a point.</summary>
    public void UnsafeOnCompleted(Action continuation) => throw KernelTask.Foreign();
}

/// <summary>A lock that is asked for: <c>await sync.Write(…)</c>. The result says whether it is held; only an attempt (<c>TryWrite</c>) may say no.</summary>
public readonly struct LockRequest : ICriticalNotifyCompletion, ISuspend
{
    private readonly KernelSync? _sync;
    private readonly Pending _pending;
    private readonly bool _taken;

    internal LockRequest(bool taken) => _taken = taken;

    internal LockRequest(KernelSync sync, in Pending pending) => (_sync, _pending) = (sync, pending);

    /// <summary>Whether the answer is there.</summary>
    public bool IsCompleted => _sync is null;

    KernelSync ISuspend.Sync => _sync!;

    /// <summary>For <c>await</c>.</summary>
    public LockRequest GetAwaiter() => this;

    /// <summary>Whether the lock is held now.</summary>
    public bool GetResult() => _sync is null ? _taken : _sync.LastTaken;

    void ISuspend.Suspend(Frame frame) => _sync!.Park(frame, _pending);

    /// <summary>Not used: only kernel tasks may await a lock.</summary>
    public void OnCompleted(Action continuation) => throw KernelTask.Foreign();

    /// <summary>Not used: only kernel tasks may await a lock.</summary>
    public void UnsafeOnCompleted(Action continuation) => throw KernelTask.Foreign();
}

internal enum PendingKind : byte { Start, Point, Read, Write, TryRead, TryWrite }

/// <summary>What a parked thread does first when it runs again.</summary>
internal struct Pending
{
    public PendingKind Kind;
    public LockName Lock;
    public string? What;

    public override readonly string ToString() => Kind switch
    {
        PendingKind.Start => "start",
        PendingKind.Point => What ?? "point",
        PendingKind.Read => $"{Lock}.read",
        PendingKind.Write => $"{Lock}.write",
        PendingKind.TryRead => $"{Lock}.tryread",
        _ => $"{Lock}.trywrite",
    };
}

/// <summary>Names a lock.</summary>
/// <param name="Class">Its class.</param>
/// <param name="Instance">Whose it is: a handle.</param>
/// <param name="Subclass">1 where a second lock of the class is taken on purpose (SINGLE_DEPTH_NESTING), else 0; not part of the name.</param>
internal readonly record struct LockName(LockClass Class, int Instance, int Subclass)
{
    public ulong Id => ((ulong)Class << 32) | (uint)Instance;

    public override string ToString() => Name(Id);

    public static string Name(ulong id) => $"{(LockClass)(id >> 32)}({(int)(uint)id})";
}
