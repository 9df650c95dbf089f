namespace MmSpec.Testing;

public sealed partial class EmulatorTarget
{
    private bool _ranConcurrently;

    /// <inheritdoc />
    public ConcurrentReport Concurrent(IReadOnlyList<ThreadProgram> threads, Value[] slots, IConcurrentObserver observer)
    {
        _ranConcurrently = true;
        return new ConcurrentRun(this, _world, _dispatch, threads, slots, observer).Search();
    }
}
