using System.Text.Json.Serialization;

namespace Platform.Embedded;

/// <summary>What is read of a token's metadata (ERC-721 JSON).</summary>
/// <remarks>Our own reading of the published form: what wrote it is not asked.</remarks>
internal sealed record MetadataFile
{
    public required string Name { get; init; }

    public required string Image { get; init; }

    public required CustodyLink Custody { get; init; }

    public string? License { get; init; }

    [JsonPropertyName("usage_terms")]
    public string? UsageTerms { get; init; }

    public ImageFacts? Properties { get; init; }

    internal sealed record CustodyLink(string Uri, string Sha256);

    internal sealed record ImageFacts(
        string Sha256,
        [property: JsonPropertyName("media_type")] string MediaType,
        [property: JsonPropertyName("digital_source_type")] string DigitalSourceType);
}

/// <summary>What is read of a custody record, <c>urn:imprimatur:custody:1</c>.</summary>
internal sealed record CustodyFile
{
    public const string CurrentType = "urn:imprimatur:custody:1";

    public required string Type { get; init; }

    public required AssetPart Asset { get; init; }

    public required DigestPart Event { get; init; }

    public required DigestPart Prompt { get; init; }

    public GeneratorPart? Generator { get; init; }

    public required string DigitalSourceType { get; init; }

    public required IReadOnlyList<DecisionPart> Decisions { get; init; }

    public required CampaignPart Campaign { get; init; }

    public required RightsPart Rights { get; init; }

    public required BatchPart Batch { get; init; }

    public required string Recipient { get; init; }

    internal sealed record AssetPart(Guid Id, string Sha256, string Cid, string MediaType, long Size);

    internal sealed record DigestPart(string Algorithm, string Digest);

    internal sealed record GeneratorPart(string Name, string Version, string Digest, string Seed);

    internal sealed record DecisionPart(string Policy, string Verdict, string? Reviewer = null);

    internal sealed record CampaignPart(string Name, int Version);

    internal sealed record RightsPart(string Licence, string UsageTermsSha256);

    internal sealed record BatchPart(string Id, int Index);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(MetadataFile))]
[JsonSerializable(typeof(CustodyFile))]
internal sealed partial class RecordFilesJson : JsonSerializerContext;
