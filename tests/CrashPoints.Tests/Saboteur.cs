using System.Collections.Concurrent;

namespace Platform.CrashPoints.Tests;

/// <summary>Knows every step that was reached, and lets the planned faults come true; outlives the processes it kills.</summary>
internal sealed class Saboteur
{
    private readonly ConcurrentDictionary<Step, int> reached = new();
    private readonly Queue<Fault> plan = new();
    private readonly Lock gate = new();
    private long count;

    /// <summary>Decides on the spot, where nothing is planned; null lets everything pass.</summary>
    public Func<Step, FaultKind?>? Whim { get; set; }

    public IReadOnlyDictionary<Step, int> Reached => reached;

    /// <summary>Steps in all; while it stands still, everybody waits for time to pass.</summary>
    public long Count => Interlocked.Read(ref count);

    public int FaultsLeft
    {
        get
        {
            lock (gate)
            {
                return plan.Count;
            }
        }
    }

    /// <summary>Plans faults that come one after the other: the second only after the first.</summary>
    public void Plan(params IEnumerable<Fault> faults)
    {
        lock (gate)
        {
            plan.Clear();
            foreach (var fault in faults)
            {
                plan.Enqueue(fault);
            }
        }
    }

    public void Forget() => reached.Clear();

    /// <summary>Notes the step; answers what goes wrong there.</summary>
    public FaultKind? Reach(Step step)
    {
        Interlocked.Increment(ref count);
        reached.AddOrUpdate(step, 1, (_, before) => before + 1);
        lock (gate)
        {
            if (plan.TryPeek(out var next) && next.At == step)
            {
                return plan.Dequeue().Kind;
            }
        }

        return Whim?.Invoke(step);
    }
}

/// <summary>One process's life: after its death nothing passes.</summary>
internal sealed class Life(Saboteur saboteur) : IDisposable
{
    private readonly CancellationTokenSource death = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> held = new();

    public bool IsDead => death.IsCancellationRequested;

    /// <summary>How many messages are held back now.</summary>
    public int Held => held.Count;

    /// <summary>Notes the step and suffers what goes wrong; a fault that is not an exception is the caller's to act out.</summary>
    /// <param name="transient">What is thrown where a moment mends it.</param>
    public FaultKind? Pass(string what, Func<Exception> transient)
    {
        EnsureAlive();
        var kind = saboteur.Reach(new Step(Who.Current, what));
        Suffer(kind, transient);
        return kind;
    }

    /// <summary>As <see cref="Pass"/>, and what is half done when it goes wrong is done by the caller first.</summary>
    public FaultKind? Look(string what)
    {
        EnsureAlive();
        return saboteur.Reach(new Step(Who.Current, what));
    }

    public void Suffer(FaultKind? kind, Func<Exception> transient)
    {
        switch (kind)
        {
            case FaultKind.Kill:
                Die();
                throw new ProcessDiedException();
            case FaultKind.Throw:
                throw transient();
        }
    }

    public void Die() => death.Cancel();

    public void EnsureAlive()
    {
        if (IsDead)
        {
            throw new ProcessDiedException();
        }
    }

    /// <summary>How often a message arrives that has met this fate; one that is delayed arrives when it is released.</summary>
    public async Task<int> MeetAsync(string message, string? fate)
    {
        switch (fate)
        {
            case nameof(FaultKind.Drop):
                return 0;
            case nameof(FaultKind.Duplicate):
                return 2;
            case nameof(FaultKind.Delay):
                await HoldAsync($"{message} to {Who.Current}");
                return 1;
            default:
                return 1;
        }
    }

    private async Task HoldAsync(string message)
    {
        await held.GetOrAdd(message, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(death.Token);
        EnsureAlive();
    }

    public void ReleaseHeld()
    {
        foreach (var message in held.Keys)
        {
            if (held.TryRemove(message, out var release))
            {
                release.TrySetResult();
            }
        }
    }

    public void Dispose() => death.Dispose();
}

/// <summary>Who is at work: flows with what they start.</summary>
internal static class Who
{
    private static readonly AsyncLocal<string?> Ambient = new();

    public static string Current => Ambient.Value ?? "start";

    /// <summary>Until the caller's asynchronous method ends.</summary>
    public static void IsNow(string who) => Ambient.Value = who;
}
