namespace Platform.Campaigns;

/// <summary>What a request's events led to; in order of events, then of variants.</summary>
internal sealed record AdmittedAnswer(IReadOnlyList<AdmittedAnswerAsset> Assets);

internal sealed record AdmittedAnswerAsset(string Event, string Variant, Guid AssetId, string Status);

/// <summary>How far one asset is.</summary>
internal sealed record AssetAnswer(
    Guid AssetId,
    string Campaign,
    int CampaignVersion,
    string Variant,
    string Status,
    IReadOnlyList<string> Reasons,
    string Recipient,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? ClosedAt,
    AssetLinks Links)
{
    public static AssetAnswer Of(Guid assetId, Admission admission, Uri gateway) => new(
        assetId,
        admission.Campaign,
        admission.CampaignVersion,
        admission.Variant,
        admission.Status,
        admission.Reasons ?? [],
        admission.Recipient,
        admission.ReceivedAt,
        admission.ClosedAt,
        AssetLinks.Of(admission, gateway));
}

/// <summary>Where to look: <c>Token</c> is a CAIP-19 asset id, image, metadata and custody are gateway addresses.</summary>
internal sealed record AssetLinks(string? Image, string? Metadata, string? Custody, string? Token, string? Transaction)
{
    public static AssetLinks Of(Admission admission, Uri gateway) => new(
        admission.Cid is null ? null : $"{gateway}ipfs/{admission.Cid}",
        admission.MetadataCid is null ? null : $"{gateway}ipfs/{admission.MetadataCid}/{admission.Index}.json",
        admission.CustodyCid is null ? null : $"{gateway}ipfs/{admission.CustodyCid}/{admission.Index}.json",
        admission.TokenId is null ? null : $"eip155:{admission.ChainId}/erc721:{admission.Contract}/{admission.TokenId}",
        admission.TransactionHash);
}
