using System.Text.Json;

namespace Platform.Campaigns;

/// <summary>A message as somebody who knows nothing of .NET published it.</summary>
/// <param name="RoutingKey">Names the campaign, unless the event does.</param>
/// <param name="Attributes">CloudEvents attributes of the message's headers, in their own names; null where one is no text.</param>
internal sealed record PublishedMessage(
    string? ContentType,
    string? RoutingKey,
    IReadOnlyList<(string Name, string? Value)> Attributes,
    string? MessageId,
    ReadOnlyMemory<byte> Body);

/// <summary>Reads an event from a broker's message: CloudEvents 1.0, structured or binary, or plain JSON.</summary>
/// <remarks>The rules are those of HTTP: the same readers read it. The mode is told by the message, not by where it was sent.</remarks>
internal static class PublishedEventReader
{
    private const string Structured = "application/cloudevents";

    public static (IncomingEvent? Event, IReadOnlyList<FieldError> Errors) Read(PublishedMessage message)
    {
        var reading = ReadModes(message);
        var read = reading.Events.Count == 1 ? reading.Events[0] : null;
        IReadOnlyList<FieldError> errors = [.. reading.Errors, .. read?.Errors ?? []];
        if (errors.Count > 0)
        {
            return (null, errors);
        }

        var campaign = read!.Event!.Campaign ?? message.RoutingKey;
        return string.IsNullOrEmpty(campaign)
            ? (null, [new FieldError("campaign", "Name the campaign: by the routing key, or by 'campaign' in the event.")])
            : (read.Event with { Campaign = campaign }, []);
    }

    private static IngestReading ReadModes(PublishedMessage message)
    {
        var body = message.Body.Span;
        if (message.Attributes.Count > 0)
        {
            return message.ContentType is null || CloudEventReader.IsJson(MediaType(message.ContentType))
                ? CloudEventReader.ReadBinary(message.Attributes, body, "Must be a text.")
                : Refuse("content-type", "The data of an event in binary mode must be application/json.");
        }

        if (message.ContentType?.StartsWith("application/cloudevents-batch", StringComparison.OrdinalIgnoreCase) == true)
        {
            return Refuse("content-type", "A message is one event; send a batch's events one by one, or over HTTP.");
        }

        if (CloudEventReader.TooLargeOrInvalid(body) is { } invalid)
        {
            return invalid;
        }

        // Some publishers, Dapr among them, say text/plain of a structured event: it knows itself.
        return message.ContentType?.StartsWith(Structured, StringComparison.OrdinalIgnoreCase) == true || HasSpecVersion(body)
            ? CloudEventReader.ReadOne(body)
            : new IngestReading([PlainEvent.Read(body, message.MessageId)], false, [], null);
    }

    private static ReadOnlySpan<char> MediaType(string contentType) =>
        contentType.AsSpan()[..(contentType.IndexOf(';') is var end and >= 0 ? end : contentType.Length)].Trim();

    private static bool HasSpecVersion(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("specversion"u8))
                {
                    return true;
                }

                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // Whoever reads it says where it is wrong.
        }

        return false;
    }

    private static IngestReading Refuse(string field, string message) =>
        new([], false, [new FieldError(field, message)], null);
}
