using Platform.Chain.Contracts;

namespace Platform.Embedded;

/// <summary>What is worth knowing of a token beside whether it holds.</summary>
internal static class Facts
{
    public static IReadOnlyList<Fact> OfIdentity(TokenOnChain token) =>
    [
        new("chainId", $"{token.ChainId}"),
        new("block", $"{token.Block}"),
        new("factory", $"{token.Collection.Factory}"),
        new("factoryIsCanonical", token.Collection.Factory == CanonicalFactory.Address ? "true" : "false"),
        new("creator", $"{token.Collection.Creator}"),
        new("owner", $"{token.Collection.Owner}"),
        new("name", token.Collection.Name),
        new("symbol", token.Collection.Symbol),
        new("campaignId", $"{token.Collection.CampaignId}"),
        .. token.Holder is { } holder ? [new Fact("holder", $"{holder}")] : Array.Empty<Fact>(),
        new("firstOwner", $"{token.FirstOwner}"),
        new("batch", $"{token.Batch.Number}"),
        new("batchId", $"{token.Batch.Id}"),
        new("batchCount", $"{token.Batch.Count}"),
        new("custodyRoot", $"{token.Batch.CustodyRoot}"),
        .. token.Uri is { } uri ? [new Fact("tokenUri", uri)] : Array.Empty<Fact>(),
    ];

    public static IReadOnlyList<Fact> OfProvenance(TokenOnChain token, CustodyFile? record) => record is null ? [] :
    [
        new("asset", $"{record.Asset.Id}"),
        new("campaign", $"{record.Campaign.Name}, version {record.Campaign.Version}"),
        .. record.Generator is { } generator
            ?
            [
                new Fact("generator", $"{generator.Name} {generator.Version}"),
                new Fact("generatorDigest", generator.Digest),
                new Fact("seed", generator.Seed),
            ]
            : Array.Empty<Fact>(),
        new("eventDigest", $"{record.Event.Digest} ({record.Event.Algorithm})"),
        new("promptDigest", $"{record.Prompt.Digest} ({record.Prompt.Algorithm})"),
        .. record.Decisions.Select(each =>
            new Fact("decision", $"{each.Verdict} under {each.Policy} by {each.Reviewer ?? "the policy alone"}")),
        new("imageSha256", record.Asset.Sha256),
        new("licence", record.Rights.Licence),
        new("royalty", $"{(decimal)token.RoyaltyBasisPoints / 100:0.##} % to {token.RoyaltyReceiver}"),
    ];
}
