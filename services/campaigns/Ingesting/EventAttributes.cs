using System.Buffers;
using System.Text.Json;
using Platform.Content;

namespace Platform.Campaigns;

/// <summary>Gathers an event's attributes, in whichever mode it came, and checks them.</summary>
internal sealed class EventAttributes
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    private HashSet<string>? extensions;
    private int seen;
    private string? specVersion;
    private string? type;
    private string? source;
    private string? id;
    private string? time;
    private string? contentType;
    private string? traceParent;
    private string? priority;
    private string? campaign;

    public List<FieldError>? Errors { get; private set; }

    public void Fail(string field, string message) => (Errors ??= []).Add(new FieldError(field, message));

    /// <summary>False when the attribute was there before.</summary>
    public bool See(string name)
    {
        var bit = Bit(name);
        if (bit == 0 ? (extensions ??= new(StringComparer.Ordinal)).Add(name) : (seen & bit) == 0)
        {
            seen |= bit;
            return true;
        }

        Fail(EventRules.Shown(name), "Is there twice; send it once.");
        return false;
    }

    public void Set(string name, string value)
    {
        switch (name)
        {
            case "specversion":
                specVersion = value;
                break;
            case "type":
                type = value;
                break;
            case "source":
                source = value;
                break;
            case "id":
                id = value;
                break;
            case "time":
                time = value;
                break;
            case "datacontenttype":
                contentType = value;
                break;
            case "traceparent":
                traceParent = EventRules.IsTraceParent(value) ? value : null;
                break;
            case "priority":
                priority = value;
                break;
            case "campaign":
                campaign = value;
                break;
            default:
                break; // subject, dataschema, tracestate and other extensions mean nothing to us
        }
    }

    public static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    public EventReading Finish(EventData? data)
    {
        if (specVersion != "1.0")
        {
            Fail("specversion", "Must be 1.0.");
        }

        if (type != CloudEventReader.Type)
        {
            Fail("type", $"Must be {CloudEventReader.Type}.");
        }

        if (EventRules.CheckSource(source) is { } wrongSource)
        {
            Fail("source", wrongSource);
        }

        if (EventRules.CheckId(id) is { } wrongId)
        {
            Fail("id", wrongId);
        }

        DateTimeOffset instant = default;
        if (time is not null && !Rfc3339.TryRead(time, out instant))
        {
            Fail("time", "Must be an RFC 3339 time, such as 2026-05-04T12:00:00Z.");
        }

        if (EventRules.CheckPriority(priority) is { } wrongPriority)
        {
            Fail("priority", wrongPriority);
        }

        if (contentType is not null && !CloudEventReader.IsJson(contentType.AsSpan()[..MediaType(contentType)].Trim()))
        {
            Fail("datacontenttype", "Must be application/json.");
        }

        if (data is null)
        {
            if (Errors is null || (seen & Bit("data")) == 0)
            {
                Fail("data", "Send 'data', an object of recipient, subject and facts.");
            }

            return new EventReading(null, Errors!);
        }

        if (Errors is not null)
        {
            return new EventReading(null, Errors);
        }

        return new EventReading(
            new IncomingEvent
            {
                Campaign = campaign,
                Source = source!,
                Id = id!,
                Time = time is null ? null : instant,
                Recipient = data.Recipient,
                Subject = data.Subject,
                Facts = data.Facts,
                IsInteractive = priority is not null,
                TraceParent = traceParent,
                CanonicalData = CanonicalJson.Serialize(data.Element),
            },
            []);
    }

    private static int Bit(string name) => name switch
    {
        "data" => 1,
        "specversion" => 2,
        "type" => 4,
        "source" => 8,
        "id" => 16,
        "time" => 32,
        "datacontenttype" => 64,
        "traceparent" => 128,
        "priority" => 256,
        _ => 0,
    };

    private static int MediaType(string text) => text.IndexOf(';') is var end and >= 0 ? end : text.Length;
}

/// <summary>An event's data, its form checked.</summary>
internal sealed record EventData(
    string Recipient, string Subject, IReadOnlyDictionary<string, JsonElement> Facts, JsonElement Element);
