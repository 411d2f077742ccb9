namespace Platform.Mongo;

/// <summary>The right of one process to do alone what must not be done by two.</summary>
/// <remarks>
/// A holder that stood still may believe for a moment too long that it holds: what it writes bears <see cref="Fence"/>,
/// and a write that finds a higher fence is refused with <see cref="LeaseLostException"/>.
/// </remarks>
public sealed class Lease
{
    private readonly TimeProvider clock;
    private readonly TimeSpan trusted;
    private long renewedAt;
    private volatile bool lost;

    internal Lease(string name, long fence, TimeSpan trusted, TimeProvider clock, long takenAt)
    {
        Name = name;
        Fence = fence;
        this.clock = clock;
        this.trusted = trusted;
        renewedAt = takenAt;
    }

    public string Name { get; }

    /// <summary>Rises each time the holder changes, and each time the same one takes it anew.</summary>
    public long Fence { get; }

    /// <summary>As far as this process can know by its own stopwatch.</summary>
    public bool IsHeld => !lost
        && (trusted == Timeout.InfiniteTimeSpan || clock.GetElapsedTime(Interlocked.Read(ref renewedAt)) < trusted);

    /// <exception cref="LeaseLostException">The lease ran out, or another has it.</exception>
    public void EnsureHeld()
    {
        if (!IsHeld)
        {
            throw new LeaseLostException(Name, Fence);
        }
    }

    /// <param name="askedAt">When the renewal was asked for: what came between counts against the holder.</param>
    internal void Renew(long askedAt) => Interlocked.Exchange(ref renewedAt, askedAt);

    internal void Lose() => lost = true;
}

/// <summary>Another may hold the lease by now: what was under way is left to it.</summary>
public sealed class LeaseLostException(string name, long fence)
    : Exception($"The lease '{name}' is no longer held under fence {fence}: another process may have it.");

/// <summary>How leases are held in this process.</summary>
public sealed record LeaseTerms
{
    /// <summary>How long a contender must see no renewal, by its own stopwatch, before it takes over.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>
    /// No other process can be at this database, because something else sees to that: a lease is taken at once, whoever
    /// had it, and needs no renewal.
    /// </summary>
    public bool Alone { get; init; }

    /// <summary>How often a holder renews, and a contender looks; a fifth of the duration unless set.</summary>
    public TimeSpan Beat
    {
        get => field == TimeSpan.Zero ? Duration / 5 : field;
        init;
    }

    /// <summary>Less than the duration: two machines' stopwatches do not run equally fast.</summary>
    internal TimeSpan Trusted => Alone ? Timeout.InfiniteTimeSpan : Duration * 0.8;
}
