namespace Platform.EmbeddedMongo;

/// <summary>Keys from <paramref name="From"/> on and before <paramref name="To"/>.</summary>
internal readonly record struct KeyRange(byte[] From, byte[] To);

/// <summary>How a query finds its documents: by the ranges of an index, or one after the other.</summary>
internal sealed class Plan
{
    /// <summary>Null for a scan of the collection.</summary>
    public Index? Index { get; init; }

    public IReadOnlyList<KeyRange> Ranges { get; init; } = [];

    /// <summary>The ranges hold exactly the documents of the query: nothing needs to be looked at again.</summary>
    public bool Exact { get; init; }

    /// <summary>The documents come in the order asked for.</summary>
    public bool Sorted { get; init; }

    public bool Backwards { get; init; }

    /// <summary>What the plan believed of the index; if it has become multikey since, the plan is void.</summary>
    public bool Multikey { get; init; }

    public bool IsStale => !Multikey && Index is { Multikey: true };

    public int Score { get; init; }
}
