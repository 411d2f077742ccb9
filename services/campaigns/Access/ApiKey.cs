namespace Platform.Campaigns;

/// <summary>A key of somebody else's system: what it may do, and what its secrets are known by.</summary>
internal sealed record ApiKey
{
    public required string Id { get; init; }

    /// <summary>Raised by every rotation.</summary>
    public required long Version { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Only these; none means all.</summary>
    public required IReadOnlyList<string> Campaigns { get; init; }

    public required bool RequiresSignature { get; init; }

    /// <summary>The newest last.</summary>
    public required IReadOnlyList<KeySecret> Secrets { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public string StatusAt(DateTimeOffset now) =>
        RevokedAt is not null ? "revoked" : ExpiresAt <= now ? "expired" : "active";

    /// <summary>A new secret; those before it are taken for the grace yet, or as long as they were anyway.</summary>
    public ApiKey Rotate(KeySecret fresh, DateTimeOffset now, TimeSpan grace) => this with
    {
        Version = Version + 1,
        Secrets =
        [
            .. Secrets.Where(each => each.IsLiveAt(now)).Select(each => each.EndBy(now + grace)).Where(each => each.IsLiveAt(now)),
            fresh,
        ],
    };
}

/// <summary>One secret of a key: the credential's digest, and the signing secret sealed, because HMAC needs it in clear.</summary>
internal sealed record KeySecret
{
    /// <summary>HMAC-SHA256 under a key of the installation.</summary>
    public required byte[] Digest { get; init; }

    public required byte[] SealedSigning { get; init; }

    /// <summary>Set by a rotation.</summary>
    public DateTimeOffset? Until { get; init; }

    public bool IsLiveAt(DateTimeOffset now) => Until is null || Until > now;

    public KeySecret EndBy(DateTimeOffset end) => this with { Until = Until < end ? Until : end };
}
