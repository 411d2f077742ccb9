using System.Text.Json;

namespace Platform.Campaigns;

/// <summary>Reads plain JSON in the shape of PersonalizationRequested, by the rules of a CloudEvent.</summary>
internal static class PlainEvent
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <param name="messageId">The event's id where the body has none; null where the message has none either.</param>
    public static EventReading Read(ReadOnlySpan<byte> body, string? messageId)
    {
        var attributes = new EventAttributes();
        JsonElement element;
        try
        {
            element = JsonElement.Parse(body, Strict);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            attributes.Fail("", "Must be JSON, nested 16 deep at most, with each key once and in valid Unicode.");
            return new EventReading(null, attributes.Errors!);
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            attributes.Fail("", "Must be an object of campaign, source, eventId, recipient, subject and facts.");
            return new EventReading(null, attributes.Errors!);
        }

        var data = Split(element, messageId, attributes);
        attributes.See("data");
        var reading = attributes.Finish(EventDataReader.Read(data, attributes));
        return reading with { Errors = [.. reading.Errors.Select(error => error with { Field = Plainly(error.Field) })] };
    }

    /// <returns>What is not an attribute: the data, as JSON.</returns>
    private static byte[] Split(JsonElement element, string? messageId, EventAttributes attributes)
    {
        attributes.Set("specversion", "1.0");
        attributes.Set("type", CloudEventReader.Type);
        if (messageId is not null)
        {
            attributes.Set("id", messageId);
        }

        using var data = new MemoryStream();
        using (var writer = new Utf8JsonWriter(data))
        {
            writer.WriteStartObject();
            foreach (var member in element.EnumerateObject())
            {
                if (AttributeOf(member.Name) is not { } attribute)
                {
                    member.WriteTo(writer);
                }
                else if (member.Value.ValueKind == JsonValueKind.String && EventRules.TextOf(member.Value) is { } text)
                {
                    attributes.Set(attribute, text);
                }
                else if (member.Value.ValueKind != JsonValueKind.Null)
                {
                    attributes.Fail(attribute, "Must be a text.");
                }
            }

            writer.WriteEndObject();
        }

        return data.ToArray();
    }

    private static string? AttributeOf(string name) => name switch
    {
        "campaign" or "source" or "priority" or "traceparent" => name,
        "eventId" => "id",
        "occurredAt" => "time",
        _ => null,
    };

    private static string Plainly(string field) => field switch
    {
        "id" => "eventId",
        "time" => "occurredAt",
        _ => field.StartsWith("data.", StringComparison.Ordinal) ? field["data.".Length..] : field,
    };
}
