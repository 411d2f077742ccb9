namespace Platform.Auditor;

/// <summary>Where an installation answers: each service's HTTP addresses, whose gRPC is on the port after.</summary>
/// <remarks>Several addresses of one service are replicas: the first that lives is asked.</remarks>
public sealed record AuditAddresses
{
    public required IReadOnlyList<Uri> Campaigns { get; init; }

    public required IReadOnlyList<Uri> Generation { get; init; }

    public required IReadOnlyList<Uri> Moderation { get; init; }

    public required IReadOnlyList<Uri> Storage { get; init; }

    public required IReadOnlyList<Uri> Minting { get; init; }

    public required IReadOnlyList<Uri> RoyaltyIndexer { get; init; }

    /// <summary>An IPFS trustless gateway; it need not be trusted.</summary>
    public required Uri Gateway { get; init; }

    /// <summary>JSON-RPC of the chain.</summary>
    public required Uri Rpc { get; init; }

    /// <summary>The installation's token, or an API key that may read.</summary>
    public required string Token { get; init; }

    /// <summary>All services behind one address, as the embedded platform has them.</summary>
    public static AuditAddresses OfOne(Uri http, Uri rpc, string token) => new()
    {
        Campaigns = [http],
        Generation = [http],
        Moderation = [http],
        Storage = [http],
        Minting = [http],
        RoyaltyIndexer = [http],
        Gateway = http,
        Rpc = rpc,
        Token = token,
    };
}
