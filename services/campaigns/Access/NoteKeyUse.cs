using System.Collections.Concurrent;
using Platform.Hosting;

namespace Platform.Campaigns;

/// <summary>Notes when keys were last used, to ten minutes: no call waits for it.</summary>
internal sealed class NoteKeyUse(ApiKeys keys, TimeProvider clock, ILogger<NoteKeyUse> logger) : Forever(clock, logger)
{
    private readonly ConcurrentDictionary<string, bool> used = new();

    protected override TimeSpan Pause => TimeSpan.FromSeconds(5);

    public void Note(string keyId) => used[keyId] = true;

    protected override async Task<bool> WorkAsync(CancellationToken cancellation)
    {
        var ids = used.Keys.ToList();
        if (ids.Count > 0)
        {
            await keys.NoteUsedAsync(ids, Clock.GetUtcNow(), cancellation);
            ids.ForEach(id => used.TryRemove(id, out _));
        }

        return false;
    }
}
