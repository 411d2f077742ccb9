using Platform.Hosting;

namespace Platform.Campaigns;

/// <summary>What keys may be made for.</summary>
internal static class KeyScopes
{
    public const string EventsWrite = "events:write";
    public const string AssetsRead = "assets:read";
    public const string CampaignsWrite = "campaigns:write";

    /// <summary>Asked for by moderation.</summary>
    public const string ReviewsWrite = "reviews:write";

    public static IReadOnlyList<string> All { get; } =
        [EventsWrite, AssetsRead, CampaignsWrite, ReviewsWrite, NeedsScopeAttribute.Operations];
}
