using System.Security.Cryptography;
using System.Text;
using Platform.Content;
using Platform.Events;
using Platform.Grpc.Campaigns;
using Platform.Mongo;

namespace Platform.Storage.Tests;

/// <summary>What the tests are about.</summary>
internal static class Situations
{
    public const string Campaign = "tram-souvenirs";
    public const string Recipient = "0x00000000219ab540356cBB839Cbe05303d7705Fa";

    public static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, 250, TimeSpan.Zero);

    public static CampaignDefinition ADefinition() => new()
    {
        Name = Campaign,
        Title = "Tram souvenirs",
        Description = "A picture for each ride on the old line.",
        Licence = "CC-BY-NC-4.0",
        UsageTerms = "Share it, print it, do not sell copies of it.",
        Collection = new Collection { Name = "Tram Souvenirs", Symbol = "TRAM" },
        ExternalUrl = "https://trams.example/souvenirs",
    };

    public static Guid AnId() => DerivedGuid.From(Guid.CreateVersion7().ToString());

    /// <summary>A PNG by its signature; the rest differs from id to id.</summary>
    public static byte[] APicture(Guid id, int size = 20_000)
    {
        var bytes = new byte[size];
        for (var index = 0; index < size; index++)
        {
            bytes[index] = (byte)(((uint)index * 2654435761u) >> 24);
        }

        ReadOnlySpan<byte> signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];
        signature.CopyTo(bytes);
        id.TryWriteBytes(bytes.AsSpan(16));
        return bytes;
    }

    public static AssetApproved AnApproval(Guid? assetId = null, int iteration = 0, string? content = null, int version = 1)
    {
        var id = assetId ?? AnId();
        return new AssetApproved
        {
            AssetId = id,
            Iteration = iteration,
            Campaign = Campaign,
            CampaignVersion = version,
            Recipient = Recipient,
            Content = content ?? ContentDigest.Of(APicture(id)),
            MediaType = "image/png",
            Custody = Facts(),
            ApprovedAt = Noon,
        };
    }

    public static CustodyFacts Facts() => new()
    {
        EventDigest = Digest("event"),
        PromptDigest = Digest("prompt"),
        Generator = new GeneratorFacts
        {
            Name = "house",
            Version = "1.0.0",
            Digest = Digest("rules"),
            Parameters = """{"family":"bauhaus","palette":["#112233"],"size":1024}""",
            Seed = Digest("seed"),
            Score = Digest("score"),
        },
        Decisions =
        [
            new DecisionFacts { Policy = "brand-safe@1", Verdict = "approved", Reasons = [], DecidedAt = Noon },
            new DecisionFacts
            {
                Policy = "brand-safe@1",
                Verdict = "approved",
                Reasons = ["image.near-duplicate"],
                Reviewer = "installation-operator",
                DecidedAt = Noon.AddMinutes(1).ToOffset(TimeSpan.FromHours(2)),
            },
        ],
    };

    public static PinnedAsset APin(Guid? assetId = null, int version = 1)
    {
        var id = assetId ?? AnId();
        var picture = APicture(id);
        return PinnedAsset.From(
            AnApproval(id, version: version), UnixFsFile.Import(picture, PinnedAsset.CurrentProfile), null, Noon);
    }

    public static BatchFacts ABatch(params PinnedAsset[] pins) => new(
        ABatchId(), pins, pins.Select(pin => pin.CampaignVersion).Distinct().ToDictionary(each => each, _ => ADefinition()));

    public static string ABatchId(string name = "batch") => "0x" + Digest(name);

    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
