using System.Security.Cryptography;
using Google.Protobuf;
using Platform.Events;
using Platform.Grpc.Campaigns;

namespace Platform.Campaigns;

/// <summary>What a definition means for the services after us.</summary>
internal static class Definitions
{
    private const int DefaultSize = 1024;

    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default);

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default);

    extension(CampaignDefinition definition)
    {
        public IReadOnlyList<string> VariantNames => definition.Variants.Count == 0 ? ["default"] : definition.Variants;

        public string ToJson() => Json.Format(definition);

        /// <summary>SHA-256 of the wire form, lower-case hex: the same definition is the same version.</summary>
        public string Digest => Convert.ToHexStringLower(SHA256.HashData(definition.ToByteArray()));

        public ArtDirection ToArt() => new()
        {
            Families = definition.Style?.Families.ToArray() ?? [],
            Palette = definition.Style?.Palette.ToArray() ?? [],
            Headline = NullIfEmpty(definition.Style?.Headline),
            Line = NullIfEmpty(definition.Style?.Line),
            Wordmark = NullIfEmpty(definition.Style?.Wordmark),
            Size = definition.Style is { Size: > 0 } style ? style.Size : DefaultSize,
        };
    }

    public static CampaignDefinition FromJson(string json) => Parser.Parse<CampaignDefinition>(json);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
