using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>Says whose turn it is: interactive events first, and within a lane each campaign as much as any other.</summary>
internal sealed class FairQueue(Admissions admissions)
{
    private readonly Dictionary<Lane, string> turn = [];

    /// <summary>Up to so many that have waited longest in their campaigns; they stay queued until they are released.</summary>
    public async Task<IReadOnlyList<Decided<Guid, Admission>>> NextAsync(int room, CancellationToken cancellation)
    {
        var next = new List<Decided<Guid, Admission>>();
        foreach (var lane in Enum.GetValues<Lane>())
        {
            await AddAsync(next, lane, room - next.Count, cancellation);
        }

        return next;
    }

    private async Task AddAsync(
        List<Decided<Guid, Admission>> next, Lane lane, int room, CancellationToken cancellation)
    {
        if (room <= 0)
        {
            return;
        }

        var waiting = (await admissions.ListQueuedCampaignsAsync(lane, turn.GetValueOrDefault(lane, ""), room, cancellation))
            .Select(campaign => (Name: campaign, Taken: 0))
            .ToList();
        while (room > 0 && waiting.Count > 0)
        {
            var share = (room + waiting.Count - 1) / waiting.Count;
            var more = new List<(string Name, int Taken)>();
            foreach (var (name, taken) in waiting)
            {
                var wanted = Math.Min(share, room);
                if (wanted == 0)
                {
                    break;
                }

                var found = await admissions.ListQueuedAsync(lane, name, taken, wanted, cancellation);
                next.AddRange(found);
                room -= found.Count;
                turn[lane] = name; // the next round begins after the last that had a turn
                if (found.Count == wanted)
                {
                    more.Add((name, taken + found.Count));
                }
            }

            waiting = more;
        }
    }
}
