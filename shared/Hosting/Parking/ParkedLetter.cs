namespace Platform.Hosting;

/// <summary>A message that nobody could deal with, why, and what is needed to deliver it again.</summary>
internal sealed record ParkedLetter
{
    public const string Parked = "parked";
    public const string Replayed = "replayed";
    public const string Discarded = "discarded";

    /// <summary>Derived from endpoint, message id and content: what is parked twice is one.</summary>
    public required Guid Id { get; init; }

    public required string Endpoint { get; init; }

    public required string MessageId { get; init; }

    /// <summary>As its publisher named them; empty when that could not be read.</summary>
    public required IReadOnlyList<string> MessageTypes { get; init; }

    public required string ContentType { get; init; }

    public required string Reason { get; init; }

    public string? ExceptionType { get; init; }

    public required string ReasonMessage { get; init; }

    /// <summary>Without those that may carry a secret; all of them are sealed with the body.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public string? TraceParent { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public required DateTimeOffset FirstParkedAt { get; init; }

    public required DateTimeOffset ParkedAt { get; init; }

    /// <summary>How often it came to be parked: once more after each replay in vain.</summary>
    public required int Times { get; init; }

    public required long Size { get; init; }

    /// <summary>SHA-256 of the body, lower-case hex.</summary>
    public required string Digest { get; init; }

    /// <summary>Headers and body; null when it was discarded, or is too large for a document.</summary>
    public byte[]? Sealed { get; init; }

    public required string State { get; init; }

    public DateTimeOffset? ReplayedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
