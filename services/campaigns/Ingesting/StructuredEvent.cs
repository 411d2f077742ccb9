using System.Text.Json;

namespace Platform.Campaigns;

/// <summary>Reads one event in CloudEvents' JSON format.</summary>
internal static class StructuredEvent
{
    /// <param name="json">Well-formed: one object.</param>
    public static EventReading Read(ReadOnlySpan<byte> json)
    {
        var attributes = new EventAttributes();
        EventData? data = null;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = TextOf(ref reader);
            reader.Read();
            if (name == "data")
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (attributes.See(name))
                {
                    data = EventDataReader.Read(json[start..(int)reader.BytesConsumed], attributes);
                }
            }
            else if (name == "data_base64")
            {
                attributes.Fail("data_base64", "Is not taken; send JSON as 'data'.");
                reader.Skip();
            }
            else
            {
                ReadAttribute(name, ref reader, attributes);
            }
        }

        return attributes.Finish(data);
    }

    private static void ReadAttribute(string? name, ref Utf8JsonReader reader, EventAttributes attributes)
    {
        if (name is null || !EventAttributes.IsName(name))
        {
            attributes.Fail(name is null ? "" : EventRules.Shown(name),
                "An attribute's name must be of lower-case letters and digits.");
        }
        else if (attributes.See(name))
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.String:
                    if (TextOf(ref reader) is { } text)
                    {
                        attributes.Set(name, text);
                    }
                    else
                    {
                        attributes.Fail(name, "Is not valid Unicode: half of a surrogate pair.");
                    }

                    break;
                case JsonTokenType.Null:
                    break; // CloudEvents: as if it were not there
                case JsonTokenType.True or JsonTokenType.False or JsonTokenType.Number when !IsText(name):
                    break;
                default:
                    attributes.Fail(name, "Must be a text.");
                    break;
            }
        }

        reader.Skip();
    }

    private static bool IsText(string name) =>
        name is "specversion" or "type" or "source" or "id" or "time" or "datacontenttype" or "subject" or "dataschema"
            or "priority";

    /// <summary>A name or a value; null where it escapes half of a surrogate pair.</summary>
    private static string? TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.TokenType == JsonTokenType.PropertyName ? UsualName(ref reader) : UsualValue(ref reader);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // What every event has is compared where it lies: an event costs no text that it does not bring.
    private static string? UsualName(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("specversion"u8) ? "specversion"
        : reader.ValueTextEquals("type"u8) ? "type"
        : reader.ValueTextEquals("source"u8) ? "source"
        : reader.ValueTextEquals("id"u8) ? "id"
        : reader.ValueTextEquals("time"u8) ? "time"
        : reader.ValueTextEquals("datacontenttype"u8) ? "datacontenttype"
        : reader.ValueTextEquals("data"u8) ? "data"
        : reader.GetString();

    private static string? UsualValue(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("1.0"u8) ? "1.0"
        : reader.ValueTextEquals(CloudEventReader.Type) ? CloudEventReader.Type
        : reader.ValueTextEquals("application/json"u8) ? "application/json"
        : reader.GetString();
}
