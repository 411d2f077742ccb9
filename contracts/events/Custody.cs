namespace Platform.Events;

/// <summary>What is known of an asset's making so far; each stage adds its part, storage writes the custody record from it.</summary>
public sealed record CustodyFacts
{
    /// <summary>HMAC-SHA-256 of the campaign event's canonical JSON (RFC 8785) under the subject's key, lower-case hex.</summary>
    public required string EventDigest { get; init; }

    /// <summary>SHA-256 over salt and prompt, lower-case hex; the salt stays with campaigns.</summary>
    public required string PromptDigest { get; init; }

    public GeneratorFacts? Generator { get; init; }

    /// <summary>In the order in which they were taken.</summary>
    public IReadOnlyList<DecisionFacts> Decisions { get; init; } = [];
}

/// <summary>Who made the bytes, and with what, so that they can be made again.</summary>
public sealed record GeneratorFacts
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>SHA-256 naming the generator's rules or weights, lower-case hex.</summary>
    public required string Digest { get; init; }

    /// <summary>Canonical JSON (RFC 8785) of the parameters.</summary>
    public required string Parameters { get; init; }

    /// <summary>32 bytes, lower-case hex: SHA-256 of asset id and iteration.</summary>
    public required string Seed { get; init; }

    /// <summary>SHA-256 of the score in the content store, lower-case hex; absent where the generator writes none.</summary>
    public string? Score { get; init; }
}

/// <summary>One decision about an asset, by a policy or by a person under it.</summary>
public sealed record DecisionFacts
{
    /// <summary>Name and version, such as <c>brand-safe@1</c>.</summary>
    public required string Policy { get; init; }

    /// <summary><c>approved</c> or <c>rejected</c>.</summary>
    public required string Verdict { get; init; }

    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Who decided, taken from the credential; absent when the policy decided alone.</summary>
    public string? Reviewer { get; init; }

    public required DateTimeOffset DecidedAt { get; init; }
}
