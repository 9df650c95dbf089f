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

    void ISuspend.Suspend(Frame frame) => _sync.Park(frame, new Pending(default, _what ?? "point"));

    /// <summary>Not used: only kernel tasks may await a point.</summary>
    public void OnCompleted(Action continuation) => throw KernelTask.Foreign();

    /// <summary>Not used: only kernel tasks may await a point.</summary>
    public void UnsafeOnCompleted(Action continuation) => throw KernelTask.Foreign();
}

/// <summary>A lock that is asked for: <c>await sync.Write(…)</c>. The result says whether it is held; only an attempt (<c>TryWrite</c>) may say no.</summary>
public readonly struct LockRequest : ICriticalNotifyCompletion, ISuspend
{
    private readonly KernelSync? _sync;
    private readonly LockWish _wish;

    /// <summary>An answer that is there.</summary>
    internal LockRequest(bool taken) => _wish = new(taken ? 1UL : 0);

    /// <summary>A question.</summary>
    internal LockRequest(KernelSync sync, LockWish wish) => (_sync, _wish) = (sync, wish);

    /// <summary>Whether the answer is there.</summary>
    public bool IsCompleted => _sync is null;

    KernelSync ISuspend.Sync => _sync!;

    /// <summary>For <c>await</c>.</summary>
    public LockRequest GetAwaiter() => this;

    /// <summary>Whether the lock is held now.</summary>
    public bool GetResult() => _sync is null ? _wish.Bits != 0 : _sync.LastTaken;

    void ISuspend.Suspend(Frame frame) => _sync!.Park(frame, new Pending(_wish));

    /// <summary>Not used: only kernel tasks may await a lock.</summary>
    public void OnCompleted(Action continuation) => throw KernelTask.Foreign();

    /// <summary>Not used: only kernel tasks may await a lock.</summary>
    public void UnsafeOnCompleted(Action continuation) => throw KernelTask.Foreign();
}
