namespace Platform.Campaigns;

/// <summary>A campaign's newest version and whether it is paused, as of a moment ago.</summary>
internal sealed record CampaignHead(PublishedCampaign Newest, bool Paused);

/// <summary>What an event is checked against, kept in memory so that an event costs no reading of its campaign.</summary>
/// <remarks>
/// What this replica publishes or pauses it knows at once; what another one does, after <see cref="Staleness"/>.
/// Until then a new version's events are admitted under the version before, which was the newest when they were sent.
/// </remarks>
internal sealed class CampaignHeads(PublishedCampaigns campaigns, TimeProvider clock)
{
    public static readonly TimeSpan Staleness = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();

    private readonly Dictionary<string, (long Since, Task<CampaignHead?> Reading)> heads = [];

    /// <summary>Null where there is no such campaign.</summary>
    public async Task<CampaignHead?> FindAsync(string name, CancellationToken cancellation)
    {
        var reading = Read(name);
        var head = await reading.WaitAsync(cancellation);
        if (head is null)
        {
            Forget(name, reading); // whoever asks for names that do not exist fills no memory
        }

        return head;
    }

    /// <summary>The campaign has just been changed: what was read before is not asked again.</summary>
    public void Forget(string name)
    {
        lock (gate)
        {
            heads.Remove(name);
        }
    }

    private Task<CampaignHead?> Read(string name)
    {
        lock (gate)
        {
            if (!heads.TryGetValue(name, out var head)
                || clock.GetElapsedTime(head.Since) >= Staleness
                || head.Reading.IsFaulted)
            {
                heads[name] = head = (clock.GetTimestamp(), ReadAsync(name));
            }

            return head.Reading;
        }
    }

    private void Forget(string name, Task<CampaignHead?> reading)
    {
        lock (gate)
        {
            if (heads.TryGetValue(name, out var head) && head.Reading == reading)
            {
                heads.Remove(name);
            }
        }
    }

    private async Task<CampaignHead?> ReadAsync(string name)
    {
        await Task.Yield(); // off the caller's thread, which holds the gate
        var paused = campaigns.IsPausedAsync(name, CancellationToken.None);
        var newest = await campaigns.FindNewestAsync(name, CancellationToken.None);
        return newest is null ? null : new CampaignHead(newest, await paused);
    }
}
