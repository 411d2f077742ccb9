using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Platform.Events;
using Platform.Grpc.RoyaltyIndexer;

namespace Platform.Contracts.Tests;

/// <summary>The JSON Schemas (draft 2020-12) of what travels, read off the records and the feed's proto.</summary>
internal static class JsonSchemas
{
    public const string Envelope = "masstransit-envelope";
    public const string Feed = "feed-event";
    public const string PlainEvent = "plain-event";

    /// <summary>Those that travel on their own: every event that is no part of another.</summary>
    public static IReadOnlyList<Type> Events { get; } = FindEvents();

    public static IReadOnlyDictionary<string, JsonObject> All()
    {
        var all = Events.ToDictionary(type => type.Name, OfEvent, StringComparer.Ordinal);
        all[Envelope] = OfEnvelope();
        all[Feed] = OfFeed();
        all[PlainEvent] = OfPlainEvent();
        return all;
    }

    private static JsonObject OfEvent(Type type)
    {
        var definitions = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        var schema = Head(type.Name, Summaries.Of(type));
        Fill(schema, type, definitions);
        if (definitions.Count > 0)
        {
            schema["$defs"] = new JsonObject(definitions);
        }

        return schema;
    }

    private static void Fill(JsonObject schema, Type type, IDictionary<string, JsonNode?> definitions)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance);
        schema["type"] = "object";
        schema["required"] = new JsonArray([.. properties
            .Where(each => each.GetCustomAttribute<RequiredMemberAttribute>() is not null)
            .Select(each => (JsonNode)Name(each.Name))]);
        schema["properties"] = new JsonObject(properties.Select(each => KeyValuePair.Create(
            Name(each.Name), (JsonNode?)OfProperty(each, definitions))));
    }

    private static JsonObject OfProperty(PropertyInfo property, IDictionary<string, JsonNode?> definitions)
    {
        var isNullable = new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;
        var value = OfType(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, definitions);
        if (isNullable)
        {
            value = value["type"] is { } type
                ? new JsonObject(value.Select(each => KeyValuePair.Create(
                    each.Key, each.Key == "type" ? new JsonArray(type.DeepClone(), "null") : each.Value?.DeepClone())))
                : new JsonObject { ["anyOf"] = new JsonArray(value, new JsonObject { ["type"] = "null" }) };
        }

        return Summaries.Of(property) is { } summary
            ? new JsonObject(value.Select(each => KeyValuePair.Create(each.Key, each.Value?.DeepClone()))
                .Prepend(KeyValuePair.Create("description", (JsonNode?)summary)))
            : value;
    }

    private static JsonObject OfType(Type type, IDictionary<string, JsonNode?> definitions)
    {
        if (type == typeof(string))
        {
            return new() { ["type"] = "string" };
        }

        if (type == typeof(int) || type == typeof(long))
        {
            return new() { ["type"] = "integer" };
        }

        if (type == typeof(Guid) || type == typeof(DateTimeOffset) || type == typeof(Uri))
        {
            var format = type == typeof(Guid) ? "uuid" : type == typeof(Uri) ? "uri" : "date-time";
            return new() { ["type"] = "string", ["format"] = format };
        }

        if (type == typeof(JsonElement))
        {
            return new() { ["type"] = new JsonArray("string", "number", "boolean") };
        }

        if (type.IsGenericType)
        {
            var leaf = OfType(type.GetGenericArguments()[^1], definitions);
            return type.GetGenericArguments().Length == 1
                ? new() { ["type"] = "array", ["items"] = leaf }
                : new() { ["type"] = "object", ["additionalProperties"] = leaf };
        }

        Assert.True(type.Assembly == typeof(TokenMinted).Assembly, $"There is no schema for {type}.");
        if (!definitions.ContainsKey(type.Name))
        {
            var definition = new JsonObject();
            definitions[type.Name] = definition;
            if (Summaries.Of(type) is { } summary)
            {
                definition["description"] = summary;
            }

            Fill(definition, type, definitions);
        }

        return new() { ["$ref"] = $"#/$defs/{type.Name}" };
    }

    private static JsonObject OfEnvelope()
    {
        var schema = Head(Envelope, "What a message of the bus is wrapped in (MassTransit, JSON); the event itself is its 'message'.");
        schema["type"] = "object";
        schema["required"] = new JsonArray("messageType", "message");
        schema["properties"] = new JsonObject
        {
            ["messageId"] = new JsonObject { ["type"] = "string", ["format"] = "uuid" },
            ["messageType"] = new JsonObject
            {
                ["description"] = "The event's URN first.",
                ["type"] = "array",
                ["minItems"] = 1,
                ["items"] = new JsonObject { ["type"] = "string", ["pattern"] = "^urn:message:" },
            },
            ["message"] = new JsonObject { ["type"] = "object" },
            ["sentTime"] = new JsonObject { ["type"] = new JsonArray("string", "null"), ["format"] = "date-time" },
            ["headers"] = new JsonObject
            {
                ["description"] = "'traceparent' (W3C) continues the sender's trace.",
                ["type"] = new JsonArray("object", "null"),
            },
        };
        return schema;
    }

    private static JsonObject OfFeed()
    {
        var schema = Head(Feed, Summaries.OfProto(nameof(FeedEvent)));
        Fill(schema, FeedEvent.Descriptor);
        schema["properties"]!["specversion"] = new JsonObject { ["const"] = "1.0" };
        schema["properties"]!["type"]!["enum"] = new JsonArray(
            "imprimatur.token.transferred.v1", "imprimatur.chain.reorganised.v1", "imprimatur.chain.finalised.v1");
        schema["properties"]!["finality"]!["enum"] = new JsonArray("included", "final");
        schema["properties"]!["sequence"]!["pattern"] = "^[0-9]{20}$";
        return schema;
    }

    private static void Fill(JsonObject schema, MessageDescriptor message)
    {
        var fields = message.Fields.InDeclarationOrder();
        schema["type"] = "object";
        schema["required"] = new JsonArray([.. fields
            .Where(field => field.FieldType == FieldType.Message || !field.HasPresence)
            .Select(field => (JsonNode)field.JsonName)]);
        schema["properties"] = new JsonObject(fields.Select(field => KeyValuePair.Create(field.JsonName, (JsonNode?)OfField(field))));
    }

    private static JsonObject OfField(FieldDescriptor field)
    {
        var schema = new JsonObject();
        if (Summaries.OfProto(field.ContainingType.Name, field.Name) is { } comment)
        {
            schema["description"] = comment;
        }

        switch (field.FieldType)
        {
            case FieldType.String: schema["type"] = "string"; break;
            case FieldType.UInt32: (schema["type"], schema["minimum"]) = ("integer", 0); break;
            case FieldType.Int64: schema["type"] = "integer"; break;
            case FieldType.Message: Fill(schema, field.MessageType); break;
            default: Assert.Fail($"There is no schema for a {field.FieldType}."); break;
        }

        return schema;
    }

    private static JsonObject OfPlainEvent()
    {
        var schema = OfEvent(typeof(PersonalizationRequested));
        schema["$id"] = $"urn:imprimatur:schema:{PlainEvent}:1";
        schema["title"] = PlainEvent;
        schema["description"] = "A personalization event in plain JSON, for publishers that know neither CloudEvents nor us.";
        return schema;
    }

    private static JsonObject Head(string title, string? description)
    {
        var head = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = $"urn:imprimatur:schema:{title}:1",
            ["title"] = title,
        };
        if (description is not null)
        {
            head["description"] = description;
        }

        return head;
    }

    private static IReadOnlyList<Type> FindEvents()
    {
        var types = typeof(TokenMinted).Assembly.GetExportedTypes();
        var parts = types.SelectMany(type => type.GetProperties())
            .SelectMany(property => property.PropertyType.GetGenericArguments().Append(property.PropertyType)).ToHashSet();
        return [.. types.Where(type => !parts.Contains(type)).OrderBy(type => type.Name, StringComparer.Ordinal)];
    }

    private static string Name(string property) => JsonNamingPolicy.CamelCase.ConvertName(property);
}
