namespace Platform.Campaigns;

/// <summary>What this replica knows of the room at work: while there is some and nobody waits, an event goes straight to work.</summary>
/// <remarks>
/// Known by looking now and then, so several replicas may let in a little more than the window between two looks;
/// whatever they let in is counted by the next look, and nothing is released until there is room again.
/// </remarks>
internal sealed class AdmissionWindow(TimeProvider clock)
{
    private readonly Lock gate = new();

    private int room;

    private bool interactiveWait;

    private bool bulkWait;

    private TaskCompletionSource queued = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes room for up to so many; what got none waits, and so does what comes after it.</summary>
    public int Take(Lane lane, int wanted)
    {
        lock (gate)
        {
            var isBarred = interactiveWait || (lane == Lane.Bulk && bulkWait);
            var taken = isBarred ? 0 : Math.Min(Math.Max(room, 0), wanted);
            room -= taken;
            interactiveWait |= lane == Lane.Interactive && taken < wanted;
            bulkWait |= lane == Lane.Bulk && taken < wanted;
            return taken;
        }
    }

    public void GiveBack(int taken)
    {
        lock (gate)
        {
            room += taken;
        }
    }

    /// <summary>What a look found.</summary>
    public void Know(int roomNow, bool interactiveWaits, bool bulkWaits)
    {
        lock (gate)
        {
            room = roomNow;
            interactiveWait = interactiveWaits;
            bulkWait = bulkWaits;
        }
    }

    /// <summary>Something was stored that waits for its turn.</summary>
    public void NoteQueued()
    {
        lock (gate)
        {
            queued.TrySetResult();
        }
    }

    /// <summary>Returns when something was queued here, or after the time in which another replica's is looked for.</summary>
    public async Task WaitForQueuedAsync(TimeSpan longest, CancellationToken cancellation)
    {
        Task waiting;
        lock (gate)
        {
            waiting = queued.Task;
        }

        await waiting.WaitAsync(longest, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (queued.Task.IsCompleted)
            {
                queued = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
