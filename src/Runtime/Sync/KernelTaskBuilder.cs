using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace MmSpec.Sync;

/// <summary>Used by the compiler for methods that return <see cref="KernelTask{T}"/>. A method that never suspends allocates nothing.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct KernelTaskBuilder<T>
{
    private Frame<T>? _frame;
    private T _result;

    /// <summary>A new builder.</summary>
    public static KernelTaskBuilder<T> Create() => default;

    /// <summary>The task.</summary>
    public readonly KernelTask<T> Task => new(_frame, _result);

    /// <summary>Runs the method to its first suspension.</summary>
    public readonly void Start<TMachine>(ref TMachine machine) where TMachine : IAsyncStateMachine => machine.MoveNext();

    /// <summary>Not used: frames are never boxed.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine machine) => throw new InvalidOperationException("the state machine was boxed");

    /// <summary>The method has returned.</summary>
    public void SetResult(T result)
    {
        if (_frame is null)
        {
            _result = result;
            return;
        }
        _frame.Result = result;
        _frame.Complete();
    }

    /// <summary>The method has thrown.</summary>
    public readonly void SetException(Exception exception)
    {
        if (_frame is null)
        {
            ExceptionDispatchInfo.Throw(exception);     // never suspended: throws like a plain call
        }
        _frame!.Failure = ExceptionDispatchInfo.Capture(exception);
        _frame.Complete();
    }

    /// <summary>The method suspends.</summary>
    public void AwaitOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine) where TAwaiter : INotifyCompletion where TMachine : IAsyncStateMachine =>
        Suspend(ref awaiter, ref machine);

    /// <summary>The method suspends.</summary>
    public void AwaitUnsafeOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine) where TAwaiter : ICriticalNotifyCompletion where TMachine : IAsyncStateMachine =>
        Suspend(ref awaiter, ref machine);

    private void Suspend<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine) where TMachine : IAsyncStateMachine
    {
        if (default(TAwaiter) is not ISuspend)
        {
            throw new InvalidOperationException($"a kernel task cannot await {typeof(TAwaiter)}");
        }
        if (_frame is null)
        {
            var frame = Frame<TMachine, T>.Take(((ISuspend)awaiter!).Sync);
            _frame = frame;                             // this builder lives inside the machine, so that the copy below carries it
            frame.Machine = machine;
        }
        ((ISuspend)awaiter!).Suspend(_frame);
    }
}

/// <summary>Used by the compiler for methods that return <see cref="KernelTask"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct KernelTaskBuilder
{
    private KernelTaskBuilder<Nothing> _builder;

    /// <summary>A new builder.</summary>
    public static KernelTaskBuilder Create() => default;

    /// <summary>The task.</summary>
    public readonly KernelTask Task => new(_builder.Task);

    /// <summary>Runs the method to its first suspension.</summary>
    public readonly void Start<TMachine>(ref TMachine machine) where TMachine : IAsyncStateMachine => machine.MoveNext();

    /// <summary>Not used: frames are never boxed.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine machine) => _builder.SetStateMachine(machine);

    /// <summary>The method has returned.</summary>
    public void SetResult() => _builder.SetResult(default);

    /// <summary>The method has thrown.</summary>
    public readonly void SetException(Exception exception) => _builder.SetException(exception);

    /// <summary>The method suspends.</summary>
    public void AwaitOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine) where TAwaiter : INotifyCompletion where TMachine : IAsyncStateMachine =>
        _builder.AwaitOnCompleted(ref awaiter, ref machine);

    /// <summary>The method suspends.</summary>
    public void AwaitUnsafeOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine) where TAwaiter : ICriticalNotifyCompletion where TMachine : IAsyncStateMachine =>
        _builder.AwaitUnsafeOnCompleted(ref awaiter, ref machine);
}
