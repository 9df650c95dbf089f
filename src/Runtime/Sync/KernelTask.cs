using System.Runtime.CompilerServices;

namespace MmSpec.Sync;

/// <summary>What a syscall of the model returns: a result at once, or a suspended frame that a search can copy. Await it where it is made, once.</summary>
/// <typeparam name="T">The result.</typeparam>
[AsyncMethodBuilder(typeof(KernelTaskBuilder<>))]
public readonly struct KernelTask<T>
{
    private readonly T _value;

    internal KernelTask(Frame<T>? frame, T value) => (Frame, _value) = (frame, value);

    /// <summary>A task that is completed.</summary>
    public KernelTask(T value) => _value = value;

    internal Frame<T>? Frame { get; }

    /// <summary>Whether the result is there.</summary>
    public bool IsCompleted => Frame is null || Frame.IsCompleted;

    /// <summary>For <c>await</c>.</summary>
    public Awaiter GetAwaiter() => new(this);

    /// <summary>Waits for a <see cref="KernelTask{T}"/>.</summary>
    public readonly struct Awaiter : ICriticalNotifyCompletion, ISuspend
    {
        private readonly KernelTask<T> _task;

        internal Awaiter(KernelTask<T> task) => _task = task;

        /// <summary>Whether there is nothing to wait for.</summary>
        public bool IsCompleted => _task.IsCompleted;

        KernelSync ISuspend.Sync => _task.Frame!.Sync;

        /// <summary>The result; throws what the method threw.</summary>
        public T GetResult() => _task.Frame is null ? _task._value : _task.Frame.GetResult();

        void ISuspend.Suspend(Frame frame) => _task.Frame!.Waiter = frame;

        /// <summary>Not used: only methods that return a <see cref="KernelTask{T}"/> may await one.</summary>
        public void OnCompleted(Action continuation) => throw KernelTask.Foreign();

        /// <summary>Not used: only methods that return a <see cref="KernelTask{T}"/> may await one.</summary>
        public void UnsafeOnCompleted(Action continuation) => throw KernelTask.Foreign();
    }
}

/// <summary>A <see cref="KernelTask{T}"/> without a result.</summary>
[AsyncMethodBuilder(typeof(KernelTaskBuilder))]
public readonly struct KernelTask
{
    internal KernelTask(KernelTask<Nothing> task) => Task = task;

    internal KernelTask<Nothing> Task { get; }

    /// <summary>Whether it has ended.</summary>
    public bool IsCompleted => Task.IsCompleted;

    /// <summary>For <c>await</c>.</summary>
    public Awaiter GetAwaiter() => new(Task.GetAwaiter());

    internal static InvalidOperationException Foreign() => new("a kernel task can be awaited by a kernel task only");

    /// <summary>Waits for a <see cref="KernelTask"/>.</summary>
    public readonly struct Awaiter : ICriticalNotifyCompletion, ISuspend
    {
        private readonly KernelTask<Nothing>.Awaiter _awaiter;

        internal Awaiter(KernelTask<Nothing>.Awaiter awaiter) => _awaiter = awaiter;

        /// <summary>Whether there is nothing to wait for.</summary>
        public bool IsCompleted => _awaiter.IsCompleted;

        KernelSync ISuspend.Sync => Inner(_awaiter).Sync;

        /// <summary>Throws what the method threw.</summary>
        public void GetResult() => _awaiter.GetResult();

        void ISuspend.Suspend(Frame frame) => Inner(_awaiter).Suspend(frame);

        /// <summary>Not used: only methods that return a <see cref="KernelTask"/> may await one.</summary>
        public void OnCompleted(Action continuation) => throw Foreign();

        /// <summary>Not used: only methods that return a <see cref="KernelTask"/> may await one.</summary>
        public void UnsafeOnCompleted(Action continuation) => throw Foreign();

        private static ISuspend Inner(KernelTask<Nothing>.Awaiter awaiter) => awaiter;
    }
}

/// <summary>The result of a method without one.</summary>
internal readonly struct Nothing;

/// <summary>An awaiter that a frame of ours can wait for.</summary>
internal interface ISuspend
{
    /// <summary>The scheduler.</summary>
    KernelSync Sync { get; }

    /// <summary>Notes that the frame waits here.</summary>
    void Suspend(Frame frame);
}
