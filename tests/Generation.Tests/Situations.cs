using Platform.Events;

namespace Platform.Generation.Tests;

internal static class Situations
{
    public static ArtDirection AnArtDirection() => new()
    {
        Families = [],
        Palette = ["#0B1F3A", "#E4572E", "#F3EFE0"],
        Headline = "Spring",
        Line = "for you",
        Wordmark = "ACME",
        Size = 96,
    };

    public static GenerationRequested ARequest(Guid? assetId = null, int iteration = 0, ArtDirection? art = null) => new()
    {
        AssetId = assetId ?? Guid.CreateVersion7(),
        Iteration = iteration,
        Campaign = "spring",
        CampaignVersion = 1,
        Recipient = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        Prompt = "a calm picture",
        Art = art ?? AnArtDirection(),
        Policy = "brand-safe@1",
        Custody = new() { EventDigest = new('a', 64), PromptDigest = new('b', 64) },
        RequestedAt = DateTimeOffset.UnixEpoch,
    };
}
