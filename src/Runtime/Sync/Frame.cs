using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using MmSpec.State;

namespace MmSpec.Sync;

/// <summary>A suspended syscall or a part of it. Its compiler-made state machine is a struct, so saving it is a copy and restoring it an assignment.</summary>
internal abstract class Frame
{
    private ulong _hashA, _hashB;
    private bool _hashed;

    /// <summary>Whose scheduler runs this.</summary>
    public KernelSync Sync = null!;

    /// <summary>The method that awaits this one; fixed once it exists.</summary>
    public Frame? Waiter;

    /// <summary>Next in a pool of frames out of use.</summary>
    public Frame? Pooled;

    public bool IsCompleted;
    public ExceptionDispatchInfo? Failure;

    public abstract void MoveNext();

    /// <summary>Pushes a copy of the state machine.</summary>
    public abstract void Save();

    /// <summary>Goes back to the last copy and drops it.</summary>
    public virtual void Restore()
    {
        (IsCompleted, Failure, _hashed) = (false, null, false);
    }

    /// <summary>Out of use: back to the pool.</summary>
    public abstract void Release();

    protected abstract void HashLocals(ref ulong a, ref ulong b);

    /// <summary>Goes on until the next suspension of this frame; what completes on the way wakes its waiter.</summary>
    public void Resume()
    {
        Sync.Touch(this);
        _hashed = false;
        MoveNext();
    }

    /// <summary>The method has ended; its caller goes on in the same step.</summary>
    public void Complete()
    {
        IsCompleted = true;
        Waiter?.Resume();
    }

    /// <summary>Mixes which method is suspended where with which locals into both lanes.</summary>
    public void Mix(ref ulong a, ref ulong b)
    {
        if (!_hashed)
        {
            (_hashA, _hashB, _hashed) = (StateHash.LaneA, StateHash.LaneB, true);
            HashLocals(ref _hashA, ref _hashB);
        }
        (a, b) = (StateHash.Mix(a, _hashA), StateHash.Mix(b, _hashB));
    }

    protected void Reset()
    {
        (Waiter, IsCompleted, Failure, _hashed) = (null, false, null, false);
    }
}

/// <summary>A frame whose method gives a result.</summary>
internal abstract class Frame<TResult> : Frame
{
    public TResult Result = default!;

    /// <summary>What the method returned, or its exception.</summary>
    public TResult GetResult()
    {
        Failure?.Throw();
        return Result;
    }
}

/// <summary>The frame of one async method.</summary>
internal sealed class Frame<TMachine, TResult> : Frame<TResult> where TMachine : IAsyncStateMachine
{
    [ThreadStatic]
    private static Frame? pool;

    public TMachine Machine = default!;
    private UndoStack<TMachine> _saved;

    public static Frame<TMachine, TResult> Take(KernelSync sync)
    {
        Frame<TMachine, TResult> frame;
        if (pool is { } pooled)
        {
            frame = Unsafe.As<Frame<TMachine, TResult>>(pooled);
            pool = frame.Pooled;
            frame.Pooled = null;
        }
        else
        {
            FrameShape<TMachine>.Check();
            frame = new Frame<TMachine, TResult>();
        }
        frame.Sync = sync;
        sync.Created(frame);
        return frame;
    }

    public override void MoveNext() => Machine.MoveNext();

    public override void Save() => _saved.Push(Machine);

    public override void Restore()
    {
        base.Restore();
        Machine = _saved.Pop();
    }

    public override void Release()
    {
        Reset();
        _saved.Drop(_saved.Count);
        (Machine, Result) = (default!, default!);
        Pooled = pool;
        pool = this;
    }

    protected override void HashLocals(ref ulong a, ref ulong b) => FrameShape<TMachine>.Hash(ref Machine, ref a, ref b);
}
