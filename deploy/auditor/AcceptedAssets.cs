using Grpc.Core;
using Platform.Grpc.Campaigns;

namespace Platform.Auditor;

/// <summary>All assets that campaigns has accepted, and the variants that each campaign's versions have.</summary>
internal sealed class AcceptedAssets
{
    private static readonly string[] OneVariant = ["default"];

    private readonly Campaigns.CampaignsClient campaigns;
    private readonly Dictionary<Guid, Asset> byId = [];
    private readonly Dictionary<(string Campaign, int Version), IReadOnlyCollection<string>> variants = [];

    private AcceptedAssets(Campaigns.CampaignsClient campaigns) => this.campaigns = campaigns;

    public IReadOnlyDictionary<Guid, Asset> ById => byId;

    public required IReadOnlyList<string> Campaigns { get; init; }

    public static async Task<AcceptedAssets> ReadAsync(
        Campaigns.CampaignsClient campaigns, Action<string> say, CancellationToken cancellation)
    {
        var listed = await campaigns.ListCampaignsAsync(new(), cancellationToken: cancellation);
        var read = new AcceptedAssets(campaigns)
        {
            Campaigns = [.. listed.Campaigns.Select(each => each.Definition.Name).Distinct(StringComparer.Ordinal)],
        };
        foreach (var name in read.Campaigns)
        {
            await foreach (var told in Pages.WalkAsync<AssetStatus>(
                async after => (await campaigns.ListAssetsAsync(
                    new ListAssetsRequest { Campaign = name, After = after, Limit = Pages.Size },
                    cancellationToken: cancellation)).Assets,
                row => row.AssetId))
            {
                read.byId[Guid.Parse(told.AssetId)] = Asset.Of(told);
                if (read.byId.Count % 5_000 == 0)
                {
                    say($"campaigns has accepted {read.byId.Count} assets so far");
                }
            }
        }

        foreach (var version in read.byId.Values.Select(asset => (asset.Campaign, asset.CampaignVersion)).Distinct())
        {
            var published = await campaigns.GetCampaignAsync(
                new GetCampaignRequest { Name = version.Campaign, Version = version.CampaignVersion },
                cancellationToken: cancellation);
            read.variants[version] =
                published.Definition.Variants.Count == 0 ? OneVariant : [.. published.Definition.Variants];
        }

        return read;
    }

    public IReadOnlyCollection<string>? VariantsOf(Asset asset) =>
        variants.GetValueOrDefault((asset.Campaign, asset.CampaignVersion));

    /// <summary>Asks about assets that were not in the lists: they may have been accepted since.</summary>
    public async Task AskAgainAsync(IEnumerable<Guid> assets, CancellationToken cancellation)
    {
        foreach (var id in assets.Where(id => !byId.ContainsKey(id)).Distinct().ToList())
        {
            try
            {
                byId[id] = Asset.Of(await campaigns.GetAssetAsync(
                    new GetAssetRequest { AssetId = id.ToString() }, cancellationToken: cancellation));
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound)
            {
                // So nobody accepted it, and what asked will say so.
            }
        }
    }
}
