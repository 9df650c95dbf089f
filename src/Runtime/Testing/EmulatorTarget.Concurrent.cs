namespace MmSpec.Testing;

public sealed partial class EmulatorTarget
{
    /// <inheritdoc />
    public ConcurrentReport Concurrent(IReadOnlyList<ThreadProgram> threads, Value[] slots, IConcurrentObserver observer) =>
        new ConcurrentRun(this, _world, _dispatch, threads, slots, observer).Search();
}
