using Platform.Grpc.Campaigns;

namespace Platform.Auditor;

/// <summary>How an asset stands, as campaigns tells it.</summary>
internal enum Standing
{
    Unfinished,
    Waiting,
    Minted,
    Rejected,
    Failed,
}

/// <summary>An accepted asset, as campaigns tells it.</summary>
internal sealed record Asset
{
    public required Guid Id { get; init; }

    public required string Campaign { get; init; }

    public required int CampaignVersion { get; init; }

    public required string Variant { get; init; }

    /// <summary>The word campaigns has for it.</summary>
    public required string Status { get; init; }

    public required string Recipient { get; init; }

    public required string Content { get; init; }

    public required string Cid { get; init; }

    public required string Contract { get; init; }

    public required string TokenId { get; init; }

    public required string Reason { get; init; }

    public Standing Standing => Status switch
    {
        "minted" => Standing.Minted,
        "rejected" => Standing.Rejected,
        "failed" => Standing.Failed,
        "waiting" => Standing.Waiting,
        _ => Standing.Unfinished,
    };

    /// <summary>Whether the status says that a stage lies behind it.</summary>
    public bool IsPast(string stage) => Order(Status) >= Order(stage);

    /// <summary>Contract and token, where one is told.</summary>
    public string? Token => Contract.Length == 0 || TokenId.Length == 0 ? null : $"{Contract}/{TokenId}";

    public static Asset Of(AssetStatus told) => new()
    {
        Id = Guid.Parse(told.AssetId),
        Campaign = told.Campaign,
        CampaignVersion = told.CampaignVersion,
        Variant = told.Variant,
        Status = told.Status,
        Recipient = told.Recipient,
        Content = told.Content,
        Cid = told.Cid,
        Contract = told.Contract,
        TokenId = told.TokenId,
        Reason = told.Reasons.Count == 0 ? "" : told.Reasons[0],
    };

    /// <remarks>A rejected asset was generated; one that failed or waits may be anywhere.</remarks>
    private static int Order(string status) => status switch
    {
        "generated" or "rejected" => 1,
        "approved" => 2,
        "pinned" => 3,
        "minted" => 4,
        _ => 0,
    };
}
