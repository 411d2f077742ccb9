namespace Platform.Events;

/// <summary>The image is on the content network, was read back and hashed again.</summary>
public sealed record AssetPinned
{
    public required Guid AssetId { get; init; }

    public required int Iteration { get; init; }

    public required string Campaign { get; init; }

    public required int CampaignVersion { get; init; }

    /// <summary>EIP-55 address that will own the token.</summary>
    public required string Recipient { get; init; }

    /// <summary>SHA-256 of the bytes, lower-case hex.</summary>
    public required string Content { get; init; }

    /// <summary>CIDv1, base32.</summary>
    public required string Cid { get; init; }

    /// <summary>Bytes of the image.</summary>
    public required long Size { get; init; }

    public required DateTimeOffset PinnedAt { get; init; }
}

/// <summary>The approved bytes cannot be pinned; trying again would not help.</summary>
public sealed record AssetPinFailed
{
    public required Guid AssetId { get; init; }

    public required int Iteration { get; init; }

    public required string Campaign { get; init; }

    public required string Reason { get; init; }

    public required DateTimeOffset FailedAt { get; init; }
}

/// <summary>A mint batch is sealed: its metadata and custody records are to be written and pinned.</summary>
public sealed record MetadataPinRequested
{
    /// <summary><c>bytes32</c>, 0x and 64 lower-case hex digits.</summary>
    public required string BatchId { get; init; }

    public required string Campaign { get; init; }

    /// <summary>In the order of their index in the batch.</summary>
    public required IReadOnlyList<Guid> AssetIds { get; init; }
}

/// <summary>Both directories of a mint batch are on the content network.</summary>
public sealed record MetadataPinned
{
    public required string BatchId { get; init; }

    public required string Campaign { get; init; }

    /// <summary>CIDv1 of the directory of <c>&lt;index&gt;.json</c> token metadata and <c>contract.json</c>.</summary>
    public required string MetadataCid { get; init; }

    /// <summary>CIDv1 of the directory of <c>&lt;index&gt;.json</c> custody records.</summary>
    public required string CustodyCid { get; init; }

    /// <summary>Merkle root over the custody records' SHA-256, 0x and 64 lower-case hex digits.</summary>
    public required string CustodyRoot { get; init; }

    public required DateTimeOffset PinnedAt { get; init; }
}

/// <summary>The metadata of some members cannot be written; the batch cannot be minted as it is.</summary>
public sealed record MetadataPinFailed
{
    public required string BatchId { get; init; }

    public required string Campaign { get; init; }

    public required IReadOnlyList<Guid> AssetIds { get; init; }

    public required string Reason { get; init; }
}
