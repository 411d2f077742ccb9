namespace Platform.Campaigns;

/// <summary>Section <c>Campaigns</c>.</summary>
internal sealed class CampaignsOptions
{
    public const string Section = "Campaigns";

    /// <summary>Seconds without news after which an open admission is announced again; doubles up to an hour.</summary>
    public double FirstCheckSeconds { get; set; } = 120;

    /// <summary>Checks in vain after which an admission is stalled and shown to operators.</summary>
    public int ChecksInVain { get; set; } = 5;
}
