namespace Platform.Auditor;

/// <summary>One thing that is not as it should be.</summary>
/// <param name="Kind">A code such as <c>token.doubled</c>, the same for ever: machines look for it.</param>
/// <param name="Subject">What it is about: an asset, a token, a batch.</param>
/// <param name="Detail">For people: what was found, and what should have been.</param>
public sealed record Difference(string Kind, string Subject, string Detail);

/// <summary>How many of something were seen.</summary>
/// <param name="Name">One word or two, the same for ever.</param>
/// <param name="Value">How many.</param>
public readonly record struct AuditCount(string Name, long Value);

/// <summary>What an audit found.</summary>
public sealed record AuditReport
{
    public required ulong ChainId { get; init; }

    /// <summary>The height at which the chain was read.</summary>
    public required ulong Block { get; init; }

    /// <summary>In the order in which they are told.</summary>
    public required IReadOnlyList<AuditCount> Counts { get; init; }

    /// <summary>How many differences of each kind there are, which may be more than are told.</summary>
    public required IReadOnlyDictionary<string, long> Kinds { get; init; }

    /// <summary>At most a thousand of each kind.</summary>
    public required IReadOnlyList<Difference> Differences { get; init; }

    public bool Holds => Kinds.Count == 0;

    public long this[string count] => Counts.First(each => each.Name == count).Value;
}
