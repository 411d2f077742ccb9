namespace Platform.Mongo;

/// <summary>Gathers what is asked while the command before is under way into the next one command.</summary>
/// <remarks>
/// An idle caller waits for nobody; under load commands grow instead of queues. One command runs at a time,
/// so what a command wrote is seen by the next. Every member gets the command's one result, or its one
/// failure.
/// </remarks>
public sealed class Together<TItem, TResult>(Func<IReadOnlyList<TItem>, Task<TResult>> run, int limit)
{
    private readonly Lock gate = new();

    private List<TItem>? gathering;

    private Task<TResult>? last;

    public Task<TResult> JoinAsync(TItem item)
    {
        lock (gate)
        {
            if (gathering is null || gathering.Count >= limit)
            {
                gathering = [];
                last = RunAsync(last, gathering);
            }

            gathering.Add(item);
            return last!;
        }
    }

    private async Task<TResult> RunAsync(Task? before, List<TItem> members)
    {
        // Off the caller's thread, which holds the gate; how the command before ended is not our affair.
        await (before ?? Task.CompletedTask).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (gate)
        {
            if (ReferenceEquals(gathering, members))
            {
                gathering = null;
            }
        }

        return await run(members);
    }
}
