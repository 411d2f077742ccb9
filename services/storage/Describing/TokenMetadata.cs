using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Content;
using Platform.Grpc.Campaigns;

namespace Platform.Storage;

/// <summary>What a wallet or a marketplace shows of a token (ERC-721 JSON), with its custody record.</summary>
/// <remarks>A pure function of kept facts, like the record it links to.</remarks>
internal sealed record TokenMetadata
{
    public required string Name { get; init; }

    public required string Description { get; init; }

    public required string Image { get; init; }

    [JsonPropertyName("external_url")]
    public string? ExternalUrl { get; init; }

    public required IReadOnlyList<TraitPart> Attributes { get; init; }

    public required CustodyPart Custody { get; init; }

    /// <summary>SPDX identifier, or LicenseRef-….</summary>
    public required string License { get; init; }

    [JsonPropertyName("usage_terms")]
    public required string UsageTerms { get; init; }

    public required PropertiesPart Properties { get; init; }

    public static TokenMetadata Of(PinnedAsset pin, CampaignDefinition campaign, CustodyPart custody) => new()
    {
        Name = $"{Titles.OfCollection(campaign)} #{ShortId(pin.Id)}",
        Description = campaign.Description,
        Image = $"ipfs://{pin.Cid}",
        ExternalUrl = campaign.ExternalUrl is "" ? null : campaign.ExternalUrl,
        Attributes = [.. Traits(pin, campaign)],
        Custody = custody,
        License = campaign.Licence,
        UsageTerms = campaign.UsageTerms,
        Properties = new PropertiesPart(pin.Content, pin.MediaType, SourceTypes.Of(pin.Custody.Generator)),
    };

    /// <summary>Canonical JSON (RFC 8785), for the same facts must be the same bytes.</summary>
    public byte[] ToBytes() => CanonicalJson.Serialize(
        JsonSerializer.SerializeToElement(this, RecordsJson.Default.TokenMetadata));

    /// <remarks>An index would come again in the next batch; a name only has to tell neighbours apart.</remarks>
    private static string ShortId(Guid id) => id.ToString("N")[..10];

    private static IEnumerable<TraitPart> Traits(PinnedAsset pin, CampaignDefinition campaign)
    {
        yield return new TraitPart("Campaign", campaign.Title is "" ? campaign.Name : campaign.Title);

        if (pin.Custody.Generator is { } generator)
        {
            if (GeneratorParameters.Read(generator, pin.Id).TryGetProperty("family", out var family)
                && family.ValueKind == JsonValueKind.String)
            {
                yield return new TraitPart("Family", family.GetString()!);
            }

            yield return new TraitPart("Artist", $"{generator.Name} {generator.Version}");
        }

        yield return new TraitPart("Licence", campaign.Licence);
    }

    public sealed record TraitPart(
        [property: JsonPropertyName("trait_type")] string TraitType, string Value);

    public sealed record CustodyPart(Uri Uri, string Sha256, string MediaType);

    public sealed record PropertiesPart(
        string Sha256,
        [property: JsonPropertyName("media_type")] string MediaType,
        [property: JsonPropertyName("digital_source_type")] Uri DigitalSourceType);
}

/// <summary>What a marketplace shows of the whole collection (ERC-7572).</summary>
internal sealed record ContractMetadata
{
    public required string Name { get; init; }

    public string? Symbol { get; init; }

    public required string Description { get; init; }

    [JsonPropertyName("external_link")]
    public string? ExternalLink { get; init; }

    public static ContractMetadata Of(CampaignDefinition campaign) => new()
    {
        Name = Titles.OfCollection(campaign),
        Symbol = campaign.Collection?.Symbol is null or "" ? null : campaign.Collection.Symbol,
        Description = campaign.Description,
        ExternalLink = campaign.ExternalUrl is "" ? null : campaign.ExternalUrl,
    };

    public byte[] ToBytes() => CanonicalJson.Serialize(
        JsonSerializer.SerializeToElement(this, RecordsJson.Default.ContractMetadata));
}

internal static class Titles
{
    public static string OfCollection(CampaignDefinition campaign) =>
        campaign.Collection?.Name is { Length: > 0 } name ? name
            : campaign.Title is { Length: > 0 } title ? title
            : campaign.Name;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CustodyRecord))]
[JsonSerializable(typeof(TokenMetadata))]
[JsonSerializable(typeof(ContractMetadata))]
internal sealed partial class RecordsJson : JsonSerializerContext;
