namespace Platform.Hosting;

/// <summary>A message as it lay in its queue: what is needed to put it there again, byte for byte.</summary>
internal sealed record Letter
{
    /// <summary>The endpoint's queue, such as <c>storage.pin-approved-asset</c>.</summary>
    public required string Endpoint { get; init; }

    public required string ContentType { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What its publisher called it; empty when it bore no id.</summary>
    public required string MessageId { get; init; }

    /// <summary>How often it has been held because of an outage.</summary>
    public int Holds => Headers.TryGetValue(LetterHeaders.Holds, out var holds) && int.TryParse(holds, out var count) ? count : 0;

    /// <summary>Whether it failed already and is to be taken by itself.</summary>
    public bool IsAlone => Headers.ContainsKey(LetterHeaders.Alone);

    public Letter Alone() => this with
    {
        Headers = new Dictionary<string, string>(Headers) { [LetterHeaders.Alone] = "1" },
    };

    public Letter HeldOnceMore() => this with
    {
        Headers = new Dictionary<string, string>(Headers) { [LetterHeaders.Holds] = $"{Holds + 1}" },
    };
}

/// <summary>Headers that are ours.</summary>
internal static class LetterHeaders
{
    public const string Holds = "imprimatur-holds";

    /// <summary>The key under which it was published, where the publisher gave it one.</summary>
    public const string RoutingKey = "imprimatur-routing-key";

    public const string Alone = "imprimatur-alone";
}
