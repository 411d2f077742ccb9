using System.Text.Json;

namespace Platform.Hosting;

/// <summary>What a message's envelope says of itself, as far as it can be read.</summary>
internal sealed record Envelope
{
    public IReadOnlyList<string> MessageTypes { get; init; } = [];

    public string? MessageId { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public string? TraceParent { get; init; }

    /// <summary>Never fails: what cannot be read is left out.</summary>
    public static Envelope Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            return root.ValueKind != JsonValueKind.Object ? new Envelope() : new Envelope
            {
                MessageTypes = root.TryGetProperty("messageType", out var types) && types.ValueKind == JsonValueKind.Array
                    ? [.. types.EnumerateArray().Take(16).Select(Text).OfType<string>()]
                    : [],
                MessageId = Text(root, "messageId"),
                SentAt = DateTimeOffset.TryParse(Text(root, "sentTime"), out var sent) ? sent : null,
                TraceParent = root.TryGetProperty("headers", out var headers) ? Text(headers, TraceHeader.Name) : null,
            };
        }
        catch (JsonException)
        {
            return new Envelope(); // not JSON: that is what it is parked for
        }
    }

    private static string? Text(JsonElement of, string property) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(property, out var value) ? Text(value) : null;

    private static string? Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= 256 } text ? text : null;
}
