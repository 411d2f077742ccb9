namespace Platform.Campaigns;

/// <summary>Something small as it was a moment ago, for those who ask at every call.</summary>
/// <remarks>
/// Read again beside the callers once it is <see cref="Fresh"/> no more; only one older than <see cref="Oldest"/> is
/// waited for. A reading that fails is thrown when nothing younger than that is left: nobody is let in on old knowledge.
/// </remarks>
internal sealed class Snapshot<T>(Func<Task<T>> read, TimeProvider clock)
{
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>What another replica wrote is known everywhere after so long.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromSeconds(5);

    // Who asks for what is not there costs four readings a second, however often it asks.
    private static readonly TimeSpan Newest = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();

    private Reading? current;
    private Reading? next;

    public Task<T> GetAsync()
    {
        lock (gate)
        {
            TakeNext();
            var age = AgeOf(current);
            if (age >= Oldest)
            {
                (current, next) = (next ?? Begin(), null);
            }
            else if (age >= Fresh)
            {
                next ??= Begin();
            }

            return current!.Task;
        }
    }

    /// <summary>As new as can be had without asking at every call: for what was not found.</summary>
    public Task<T> GetNewestAsync()
    {
        lock (gate)
        {
            TakeNext();
            if (AgeOf(current) >= Newest)
            {
                (current, next) = (Begin(), null);
            }

            return current!.Task;
        }
    }

    /// <summary>It has just been changed here.</summary>
    public void Forget()
    {
        lock (gate)
        {
            (current, next) = (null, null);
        }
    }

    private void TakeNext()
    {
        if (next is { Task.IsCompleted: true })
        {
            current = next.Task.IsCompletedSuccessfully ? next : current;
            next = null;
        }
    }

    private TimeSpan AgeOf(Reading? reading) => reading is null || reading.Task.IsFaulted || reading.Task.IsCanceled
        ? TimeSpan.MaxValue
        : clock.GetElapsedTime(reading.Since);

    private Reading Begin() => new(clock.GetTimestamp(), ReadAsync());

    private async Task<T> ReadAsync()
    {
        await Task.Yield(); // off the caller's thread, which holds the gate
        return await read();
    }

    private sealed record Reading(long Since, Task<T> Task);
}
