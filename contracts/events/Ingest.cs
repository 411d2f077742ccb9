using System.Text.Json;

namespace Platform.Events;

/// <summary>A campaign system asks for one customer's artwork: the bus's twin of the CloudEvent over HTTP.</summary>
public sealed record PersonalizationRequested
{
    public required string Campaign { get; init; }

    /// <summary>CloudEvents <c>source</c>: with <see cref="EventId"/> it names the event for ever.</summary>
    public required string Source { get; init; }

    /// <summary>CloudEvents <c>id</c>.</summary>
    public required string EventId { get; init; }

    /// <summary>Address that will own the token: EIP-55, or all lower or all upper case.</summary>
    public required string Recipient { get; init; }

    /// <summary>The publisher's name for the customer; only a keyed pseudonym of it is kept.</summary>
    public required string Subject { get; init; }

    /// <summary>Declared facts: text, number or boolean. Dropped once the prompt is rendered.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Facts { get; init; }

    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary><c>interactive</c> where somebody waits for the artwork: it goes before the others. Nothing else yet.</summary>
    public string? Priority { get; init; }
}
