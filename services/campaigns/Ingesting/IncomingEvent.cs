using System.Text.Json;

namespace Platform.Campaigns;

/// <summary>One personalization event, its form checked; whether it fits a campaign is another question.</summary>
internal sealed record IncomingEvent
{
    /// <summary>The extension attribute <c>campaign</c>: over a broker it names the campaign, over HTTP the path does.</summary>
    public string? Campaign { get; init; }

    public required string Source { get; init; }

    public required string Id { get; init; }

    public DateTimeOffset? Time { get; init; }

    /// <summary>As it was sent.</summary>
    public required string Recipient { get; init; }

    public required string Subject { get; init; }

    public required IReadOnlyDictionary<string, JsonElement> Facts { get; init; }

    /// <summary>Somebody waits for its artwork: it goes before the others.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>W3C trace context, where the event brought a valid one.</summary>
    public string? TraceParent { get; init; }

    /// <summary>RFC 8785 JSON of recipient, subject and facts.</summary>
    public required byte[] CanonicalData { get; init; }
}

/// <summary>What reading a request led to; <c>Errors</c> are the whole request's, an event's own are with the event.</summary>
internal sealed record IngestReading(
    IReadOnlyList<EventReading> Events, bool IsBatch, IReadOnlyList<FieldError> Errors, int? StatusCode);

/// <summary>One event in its place, or what is wrong with it.</summary>
internal sealed record EventReading(IncomingEvent? Event, IReadOnlyList<FieldError> Errors);
