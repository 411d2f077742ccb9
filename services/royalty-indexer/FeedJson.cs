using System.Text.Json;
using Google.Protobuf;
using Platform.Grpc.RoyaltyIndexer;

namespace Platform.RoyaltyIndexer;

/// <summary>An entry of the feed as JSON, to the letter as <c>/v1/feed</c> gives it.</summary>
/// <remarks>Protobuf's own formatter writes 64-bit numbers as text, the HTTP side as numbers.</remarks>
internal static class FeedJson
{
    public static byte[] Write(FeedEvent told)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            Write(writer, told);
        }

        return json.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, IMessage message)
    {
        writer.WriteStartObject();
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.HasPresence && !field.Accessor.HasValue(message))
            {
                continue;
            }

            writer.WritePropertyName(field.JsonName);
            switch (field.Accessor.GetValue(message))
            {
                case string text: writer.WriteStringValue(text); break;
                case long number: writer.WriteNumberValue(number); break;
                case uint number: writer.WriteNumberValue(number); break;
                case IMessage part: Write(writer, part); break;
                case var other: throw new NotSupportedException($"{field.FullName} is a {other.GetType()}.");
            }
        }

        writer.WriteEndObject();
    }
}
