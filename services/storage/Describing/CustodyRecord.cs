using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Content;
using Platform.Events;
using Platform.Grpc.Campaigns;

namespace Platform.Storage;

/// <summary>One token's chain of custody: what was made, from what, by whom, under which decisions.</summary>
/// <remarks>
/// A pure function of kept facts: the same batch gives the same bytes, for ever. custody.schema.json describes it.
/// </remarks>
internal sealed record CustodyRecord
{
    public string Type { get; } = "urn:imprimatur:custody:1";

    public required AssetPart Asset { get; init; }

    public required DigestPart Event { get; init; }

    public required DigestPart Prompt { get; init; }

    public GeneratorPart? Generator { get; init; }

    /// <summary>IPTC NewsCode: how the picture came to be.</summary>
    public required Uri DigitalSourceType { get; init; }

    public required IReadOnlyList<DecisionPart> Decisions { get; init; }

    public required CampaignPart Campaign { get; init; }

    public required RightsPart Rights { get; init; }

    public required BatchPart Batch { get; init; }

    /// <summary>EIP-55 address that will own the token.</summary>
    public required string Recipient { get; init; }

    /// <exception cref="UnfitMembersException">The generator's parameters are no JSON object.</exception>
    public static CustodyRecord Of(PinnedAsset pin, CampaignDefinition campaign, string batchId, int index) => new()
    {
        Asset = new AssetPart
        {
            Id = pin.Id,
            Iteration = pin.Iteration,
            Sha256 = pin.Content,
            Cid = pin.Cid,
            CidProfile = pin.CidProfile,
            MediaType = pin.MediaType,
            Size = pin.Size,
        },
        Event = new DigestPart("hmac-sha256", pin.Custody.EventDigest),
        Prompt = new DigestPart("sha256-salted", pin.Custody.PromptDigest),
        Generator = pin.Custody.Generator is { } generator ? GeneratorPart.Of(generator, pin.Id) : null,
        DigitalSourceType = SourceTypes.Of(pin.Custody.Generator),
        Decisions = [.. pin.Custody.Decisions.Select(DecisionPart.Of)],
        Campaign = new CampaignPart(pin.Campaign, pin.CampaignVersion),
        Rights = new RightsPart(campaign.Licence, Sha256Of(campaign.UsageTerms)),
        Batch = new BatchPart(batchId, index),
        Recipient = pin.Recipient,
    };

    /// <summary>Canonical JSON (RFC 8785).</summary>
    public byte[] ToBytes() => CanonicalJson.Serialize(
        JsonSerializer.SerializeToElement(this, RecordsJson.Default.CustodyRecord));

    private static string Sha256Of(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public sealed record AssetPart
    {
        public required Guid Id { get; init; }

        public required int Iteration { get; init; }

        public required string Sha256 { get; init; }

        public required string Cid { get; init; }

        public required string CidProfile { get; init; }

        public required string MediaType { get; init; }

        public required long Size { get; init; }
    }

    /// <summary>A digest and how it was made.</summary>
    public sealed record DigestPart(string Algorithm, string Digest);

    public sealed record GeneratorPart
    {
        public required string Name { get; init; }

        public required string Version { get; init; }

        public required string Digest { get; init; }

        public required JsonElement Parameters { get; init; }

        public required string Seed { get; init; }

        public DigestPart? Score { get; init; }

        public static GeneratorPart Of(GeneratorFacts facts, Guid assetId) => new()
        {
            Name = facts.Name,
            Version = facts.Version,
            Digest = facts.Digest,
            Parameters = GeneratorParameters.Read(facts, assetId),
            Seed = facts.Seed,
            Score = facts.Score is { } score ? new DigestPart("sha256", score) : null,
        };
    }

    public sealed record DecisionPart
    {
        public required string Policy { get; init; }

        public required string Verdict { get; init; }

        public required IReadOnlyList<string> Reasons { get; init; }

        public string? Reviewer { get; init; }

        /// <summary>RFC 3339, UTC, milliseconds.</summary>
        public required string DecidedAt { get; init; }

        public static DecisionPart Of(DecisionFacts facts) => new()
        {
            Policy = facts.Policy,
            Verdict = facts.Verdict,
            Reasons = facts.Reasons,
            Reviewer = facts.Reviewer,
            DecidedAt = facts.DecidedAt.UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        };
    }

    public sealed record CampaignPart(string Name, int Version);

    /// <param name="Licence">SPDX identifier, or LicenseRef-….</param>
    /// <param name="UsageTerms">SHA-256 of the terms' UTF-8 text, which the token's metadata holds in full.</param>
    public sealed record RightsPart(string Licence, [property: JsonPropertyName("usageTermsSha256")] string UsageTerms);

    public sealed record BatchPart(string Id, int Index);
}

/// <summary>The parameters a generator worked by, as JSON.</summary>
internal static class GeneratorParameters
{
    public static JsonElement Read(GeneratorFacts facts, Guid assetId)
    {
        try
        {
            using var document = JsonDocument.Parse(facts.Parameters);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new UnfitMembersException(
                    [assetId], $"The generator parameters of {assetId} are no JSON object.");
        }
        catch (JsonException exception)
        {
            throw new UnfitMembersException(
                [assetId], $"The generator parameters of {assetId} are no JSON: {exception.Message}");
        }
    }
}

/// <summary>IPTC's words for how a picture came to be.</summary>
internal static class SourceTypes
{
    /// <summary>Made by rules that people wrote: the house's parametric artist.</summary>
    public static readonly Uri Algorithmic = new("http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia");

    /// <summary>Made by a model that learnt from data.</summary>
    public static readonly Uri TrainedAlgorithmic =
        new("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia");

    /// <remarks>A generator not known to be made of rules is called a model: a mark too many misleads nobody.</remarks>
    public static Uri Of(GeneratorFacts? generator) => generator is null or { Name: "house" or "null" }
        || generator.Name.StartsWith("house-", StringComparison.Ordinal)
            ? Algorithmic
            : TrainedAlgorithmic;
}
