using System.Text.Json.Serialization;

namespace Platform.Auditor;

/// <summary>What is read of a token's metadata (ERC-721 JSON).</summary>
internal sealed record MetadataFile
{
    public required string Name { get; init; }

    public required string Image { get; init; }

    public required CustodyLink Custody { get; init; }

    internal sealed record CustodyLink(string Uri, string Sha256);
}

/// <summary>What is read of a custody record, <c>urn:imprimatur:custody:1</c>.</summary>
internal sealed record CustodyFile
{
    public required AssetPart Asset { get; init; }

    public required BatchPart Batch { get; init; }

    public required CampaignPart Campaign { get; init; }

    public required string Recipient { get; init; }

    internal sealed record AssetPart(Guid Id, string Sha256, string Cid, long Size);

    internal sealed record BatchPart(string Id, int Index);

    internal sealed record CampaignPart(string Name, int Version);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(MetadataFile))]
[JsonSerializable(typeof(CustodyFile))]
[JsonSerializable(typeof(string))]
internal sealed partial class AuditJson : JsonSerializerContext;
