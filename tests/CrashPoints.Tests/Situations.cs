using Platform.Campaigns;
using Platform.Generation;
using Platform.Grpc.Campaigns;
using Platform.Grpc.Moderation;
using Platform.Hosting;
using Platform.Minting;
using Platform.Moderation;
using Platform.RoyaltyIndexer;
using Platform.Storage;

namespace Platform.CrashPoints.Tests;

/// <summary>Campaigns, policies and recipients of the tests.</summary>
internal static class Situations
{
    public const string DecodeOnly = "decode-only@1";

    public const string BrandSafe = "brand-safe@1";

    /// <summary>What <see cref="PublishPolicyAsync"/> publishes first.</summary>
    public const string Careful = "careful@1";

    public static IPlatformService[] AllServices() =>
    [
        new CampaignsService(),
        new GenerationService(),
        new ModerationService(),
        new StorageService(),
        new MintingService(),
        new RoyaltyIndexerService(),
    ];

    public static string AName() => $"c-{Guid.CreateVersion7():N}";

    public static string ARecipient() =>
        new Chain.Address(System.Security.Cryptography.RandomNumberGenerator.GetBytes(20)).ToString();

    public static CampaignDefinition ACampaign(string name, string policy) => new()
    {
        Name = name,
        Title = "Crash points",
        Description = "What a test publishes.",
        Prompt = "A quiet {{ motif }}.",
        Facts = { new FactDeclaration { Name = "motif", Type = FactDeclaration.Types.Type.Text, Values = { "arches", "tiles" } } },
        Style = new Style { Palette = { "#F4E9D8", "#C2542D" }, Headline = "H", Line = "L", Wordmark = "W", Size = 256 },
        Policy = policy,
        Licence = "CC-BY-NC-4.0",
        UsageTerms = "For tests.",
        Royalty = new Royalty { Receiver = "0x52908400098527886E0F7030069857D2E4169EE7", BasisPoints = 500 },
        Collection = new Collection { Name = "Crash points", Symbol = "CRASH" },
        Budget = 1_000_000,
    };

    public static async Task PublishCampaignAsync(World world, string name, string policy) =>
        await new Grpc.Campaigns.Campaigns.CampaignsClient(world.Process.Grpc)
            .PublishCampaignAsync(new PublishCampaignRequest { Definition = ACampaign(name, policy) });

    /// <summary>A policy under which every picture is compared with its campaign's others, and waits for a person.</summary>
    public static async Task PublishPolicyAsync(World world) =>
        await new Grpc.Moderation.Moderation.ModerationClient(world.Process.Grpc).PublishPolicyAsync(new PublishPolicyRequest
        {
            Policy = new Policy
            {
                Name = "careful",
                HumanReview = true,
                Image = new ImageRules { NearDuplicateDistance = 1, NearDuplicateSeverity = "review" },
            },
        });
}
