using Grpc.Core;

namespace Platform.Auditor;

/// <summary>Whether each service knows each asset that reached it exactly once, and no other.</summary>
/// <remarks>
/// Lists are read before campaigns', so that a stranger in them is one; what a list lacks is asked for once more, for the
/// platform may have gone on meanwhile.
/// </remarks>
internal sealed class ServicesCheck(Findings findings, Action<string> say)
{
    private readonly Dictionary<string, Dictionary<Guid, Known>> lists = [];

    public long Count(string service) => lists[service].Count;

    public async Task ReadAsync(IReadOnlyList<KnownAssets> services, CancellationToken cancellation)
    {
        foreach (var service in services)
        {
            var known = lists[service.Service] = [];
            await foreach (var row in service.Walk(cancellation))
            {
                findings.Expect(
                    known.TryAdd(row.Id, row),
                    $"{service.Service}.doubled",
                    row.Id.ToString(),
                    () => $"{service.Service} has it more than once");
            }

            say($"{service.Service} knows {known.Count} assets");
        }
    }

    public async Task CompareAsync(
        IReadOnlyList<KnownAssets> services, IReadOnlyDictionary<Guid, Asset> assets, CancellationToken cancellation)
    {
        foreach (var service in services)
        {
            var known = lists[service.Service];
            foreach (var stranger in known.Keys.Where(id => !assets.ContainsKey(id)))
            {
                findings.Add(
                    $"{service.Service}.unknown", stranger.ToString(), $"{service.Service} knows it, and nobody accepted it");
            }

            foreach (var asset in assets.Values.Where(asset => IsExpected(service.Service, asset)))
            {
                if (!known.TryGetValue(asset.Id, out var row) && await AskAgainAsync(service, asset.Id, cancellation) is { } late)
                {
                    known[asset.Id] = row = late;
                }

                Compare(service.Service, asset, known.ContainsKey(asset.Id) ? row : null);
            }
        }
    }

    private static async Task<Known?> AskAgainAsync(KnownAssets service, Guid id, CancellationToken cancellation)
    {
        try
        {
            return await service.FindAsync(id, cancellation);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    private void Compare(string service, Asset asset, Known? row)
    {
        if (row is not { } known)
        {
            findings.Add($"{service}.missing", asset.Id.ToString(), $"it is {asset.Status}, and {service} does not know it");
            return;
        }

        var (isRight, expected) = (service, asset.Status) switch
        {
            ("generation", _) => (known.State == "completed", "completed"),
            ("moderation", "rejected") => (known.State == "rejected", "rejected"),
            ("moderation", "approved" or "pinned" or "minted") => (known.State == "approved", "approved"),
            ("minting", "minted") => (known.State == "minted", "minted"),
            _ => (true, ""),
        };
        findings.Expect(
            isRight,
            $"{service}.state",
            asset.Id.ToString(),
            () => $"it is {asset.Status}, and {service} has it as {known.State}, not {expected}");
        findings.Expect(
            asset.Content.Length == 0 || known.Content is null || known.Content == asset.Content,
            $"{service}.content",
            asset.Id.ToString(),
            () => $"{service} has content {known.Content}, and campaigns {asset.Content}");
        findings.Expect(
            known.Recipient is null || known.Recipient == asset.Recipient,
            $"{service}.recipient",
            asset.Id.ToString(),
            () => $"{service} mints it to {known.Recipient}, and campaigns was asked for {asset.Recipient}");
    }

    private static bool IsExpected(string service, Asset asset) => service switch
    {
        "generation" => asset.IsPast("generated"),
        "moderation" => asset.IsPast("approved") || asset.Standing == Standing.Rejected,
        "storage" => asset.IsPast("pinned"),
        "minting" => asset.Standing == Standing.Minted,
        _ => false,
    };
}
