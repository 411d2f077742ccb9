using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;

namespace Platform.Campaigns;

/// <summary>Reads personalization events from an HTTP request: CloudEvents 1.0, structured, binary or batch.</summary>
/// <remarks>
/// By hand, not by CloudNative.CloudEvents: its formatter stops at a batch's first bad event, lets duplicate keys
/// through, and builds a document and a bag of objects for each event before anything has been checked.
/// Nothing of the body is kept: what is read is copied out of it.
/// </remarks>
internal static class CloudEventReader
{
    public const string Type = "imprimatur.personalization.requested.v1";

    public const int MaxEvents = 1_000;

    public const int MaxEventBytes = 64 * 1024;

    private const string StructuredType = "application/cloudevents+json";
    private const string BatchType = "application/cloudevents-batch+json";
    private const int MaxDepth = 64;

    public static IngestReading Read(
        string? contentType, IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var media))
        {
            return Refuse(415, "content-type", Modes);
        }

        if (media.Charset.HasValue && !media.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            && !media.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase))
        {
            return Refuse(415, "content-type", "Send UTF-8.");
        }

        if (media.MediaType.StartsWith("application/cloudevents", StringComparison.OrdinalIgnoreCase))
        {
            return media.MediaType.Equals(StructuredType, StringComparison.OrdinalIgnoreCase) ? ReadOne(body.Span)
                : media.MediaType.Equals(BatchType, StringComparison.OrdinalIgnoreCase) ? ReadBatch(body.Span)
                : Refuse(415, "content-type", Modes);
        }

        if (!headers.Keys.Any(name => name.StartsWith("ce-", StringComparison.Ordinal)))
        {
            return Refuse(415, "content-type", Modes);
        }

        return IsJson(media.MediaType.AsSpan())
            ? ReadBinary(BinaryEvent.AttributesOf(headers), body.Span, "Must be percent-encoded UTF-8.")
            : Refuse(415, "content-type", "The data of an event in binary mode must be application/json.");
    }

    internal static bool IsJson(ReadOnlySpan<char> mediaType) =>
        mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        || (mediaType.Contains('/') && mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase))
        || mediaType.Equals("text/json", StringComparison.OrdinalIgnoreCase);

    private const string Modes =
        $"Send a CloudEvent: one as {StructuredType}, several as {BatchType}, or ce- headers with application/json.";

    internal static IngestReading ReadOne(ReadOnlySpan<byte> body)
    {
        if (TooLargeOrInvalid(body) is { } invalid)
        {
            return invalid;
        }

        var reader = Reader(body);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return Refuse(400, "", "A structured event must be a JSON object.");
            }

            reader.Skip();
            reader.Read(); // throws where something follows
        }
        catch (JsonException exception)
        {
            return Refuse(400, "", NotJson(exception));
        }

        return new IngestReading([StructuredEvent.Read(body)], false, [], null);
    }

    private static IngestReading ReadBatch(ReadOnlySpan<byte> body)
    {
        if (Invalid(body) is { } invalid)
        {
            return invalid;
        }

        var events = new List<EventReading>();
        var reader = Reader(body);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                return Refuse(400, "", "A batch must be a JSON array of events.", isBatch: true);
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (events.Count == MaxEvents)
                {
                    return Refuse(413, "", $"A batch may have {MaxEvents} events; send several.", isBatch: true);
                }

                var start = (int)reader.TokenStartIndex;
                var isObject = reader.TokenType == JsonTokenType.StartObject;
                reader.Skip();
                var bytes = body[start..(int)reader.BytesConsumed];
                events.Add(!isObject ? new EventReading(null, [new FieldError("", "An event must be a JSON object.")])
                    : bytes.Length > MaxEventBytes ? new EventReading(null, [new FieldError("", TooLarge(bytes.Length))])
                    : StructuredEvent.Read(bytes));
            }

            reader.Read();
        }
        catch (JsonException exception)
        {
            return Refuse(400, "", NotJson(exception), isBatch: true);
        }

        return new IngestReading(events, true, [], null);
    }

    /// <param name="attributes">In their own names, without their protocol's prefix.</param>
    /// <param name="notText">What to say of an attribute that is null.</param>
    internal static IngestReading ReadBinary(
        IEnumerable<(string Name, string? Value)> attributes, ReadOnlySpan<byte> body, string notText) =>
        TooLargeOrInvalid(body) ?? new IngestReading([BinaryEvent.Read(attributes, body, notText)], false, [], null);

    internal static IngestReading? TooLargeOrInvalid(ReadOnlySpan<byte> body) =>
        body.Length > MaxEventBytes ? Refuse(413, "", TooLarge(body.Length)) : Invalid(body);

    private static Utf8JsonReader Reader(ReadOnlySpan<byte> body) =>
        new(body, new JsonReaderOptions { MaxDepth = MaxDepth });

    private static IngestReading? Invalid(ReadOnlySpan<byte> body) =>
        body.IsEmpty ? Refuse(400, "", "The body is empty; send an event.")
        : !Utf8.IsValid(body) ? Refuse(400, "", "The body is not UTF-8.")
        : null;

    internal static string TooLarge(int bytes) => $"An event may have {MaxEventBytes} bytes; this has {bytes}.";

    /// <summary>Where, and no more: the parser's own message repeats the input.</summary>
    internal static string NotJson(JsonException exception) => exception.LineNumber is { } line
        ? $"Not JSON, or nested too deeply, at line {line + 1}, byte {exception.BytePositionInLine + 1}."
        : "Not JSON.";

    private static IngestReading Refuse(int statusCode, string field, string message, bool isBatch = false) =>
        new([], isBatch, [new FieldError(field, message)], statusCode);
}
