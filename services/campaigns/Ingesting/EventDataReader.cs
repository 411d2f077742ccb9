using System.Text.Json;
using Platform.Chain;

namespace Platform.Campaigns;

/// <summary>Reads an event's <c>data</c>: exactly recipient, subject and facts.</summary>
internal static class EventDataReader
{
    private static readonly JsonDocumentOptions Strict = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = 16,
    };

    public static EventData? Read(ReadOnlySpan<byte> json, EventAttributes attributes)
    {
        JsonElement element;
        try
        {
            element = JsonElement.Parse(json, Strict);
        }
        catch (JsonException)
        {
            attributes.Fail("data", "Must be JSON, nested 16 deep at most, with each key once.");
            return null;
        }
        catch (InvalidOperationException)
        {
            attributes.Fail("data", "Has a key that is not valid Unicode: half of a surrogate pair.");
            return null;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            attributes.Fail("data", "Must be an object of recipient, subject and facts.");
            return null;
        }

        string? recipient = null;
        string? subject = null;
        Dictionary<string, JsonElement>? facts = null;
        foreach (var member in element.EnumerateObject())
        {
            switch (NameOf(member))
            {
                case "recipient":
                    recipient = Text(member.Value, "data.recipient", attributes);
                    break;
                case "subject":
                    subject = Text(member.Value, "data.subject", attributes);
                    break;
                case "facts":
                    facts = Facts(member.Value, attributes);
                    break;
                case var name:
                    attributes.Fail($"data.{(name is null ? "?" : EventRules.Shown(name))}", "Is not known; leave it out.");
                    break;
            }
        }

        return Check(recipient, subject, facts, element, attributes);
    }

    private static EventData? Check(
        string? recipient,
        string? subject,
        Dictionary<string, JsonElement>? facts,
        JsonElement element,
        EventAttributes attributes)
    {
        if (!Address.TryParse(recipient, out _, out var problem))
        {
            attributes.Fail("data.recipient", problem!);
        }

        if (EventRules.CheckSubject(subject) is { } wrong)
        {
            attributes.Fail("data.subject", wrong);
        }

        if (facts is null)
        {
            attributes.Fail("data.facts", "Send 'facts', an object; it may be empty.");
        }

        return attributes.Errors is null ? new EventData(recipient!, subject!, facts!, element) : null;
    }

    private static Dictionary<string, JsonElement>? Facts(in JsonElement element, EventAttributes attributes)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var facts = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var fact in element.EnumerateObject())
        {
            if (NameOf(fact) is not { } name)
            {
                attributes.Fail("data.facts", "Has a key that is not valid Unicode: half of a surrogate pair.");
                continue;
            }

            if (facts.Count == EventRules.MaxFacts)
            {
                attributes.Fail("data.facts", $"May have {EventRules.MaxFacts} facts at most.");
                break;
            }

            if (CheckFact(fact.Value) is { } wrong)
            {
                attributes.Fail($"data.facts.{EventRules.Shown(name)}", wrong);
            }

            facts[name] = fact.Value;
        }

        return facts;
    }

    private static string? CheckFact(in JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => null,
        JsonValueKind.String => EventRules.TextOf(value) is null ? "Is not valid Unicode: half of a surrogate pair." : null,
        JsonValueKind.Number => value.TryGetDouble(out var number) && double.IsFinite(number)
            ? null
            : "Is too large a number.",
        JsonValueKind.Null => "Is null; leave a fact out that you do not have.",
        _ => "Must be a text, a number or a boolean.",
    };

    private static string? Text(in JsonElement element, string field, EventAttributes attributes)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var text = EventRules.TextOf(element);
        if (text is null)
        {
            attributes.Fail(field, "Is not valid Unicode: half of a surrogate pair.");
        }

        return text;
    }

    private static string? NameOf(in JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
