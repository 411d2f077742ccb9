using System.Collections.Concurrent;

namespace Platform.Grpc.Campaigns;

/// <summary>Campaign versions as the other services know them: asked for once, kept for ever, for a version never changes.</summary>
public sealed class CampaignVersions(Campaigns.CampaignsClient campaigns)
{
    private readonly ConcurrentDictionary<(string Name, int Version), CampaignDefinition> known = new();

    /// <exception cref="global::Grpc.Core.RpcException">NotFound: there is no such version; Unavailable: try again.</exception>
    public async ValueTask<CampaignDefinition> GetAsync(string name, int version, CancellationToken cancellation)
    {
        if (known.TryGetValue((name, version), out var definition))
        {
            return definition;
        }

        var answer = await campaigns.GetCampaignAsync(
            new GetCampaignRequest { Name = name, Version = version }, cancellationToken: cancellation);
        return known.GetOrAdd((name, version), answer.Definition);
    }
}
