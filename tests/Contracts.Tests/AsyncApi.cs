using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Contracts.Tests;

/// <summary>The AsyncAPI 3 document: every exchange of the platform, and what is published there.</summary>
internal static class AsyncApi
{
    private const string MassTransit = "application/vnd.masstransit+json";
    private const string CloudEvent = "application/cloudevents+json";

    public static JsonObject Document()
    {
        var channels = new JsonObject();
        var operations = new JsonObject();
        var messages = new JsonObject();
        foreach (var type in JsonSchemas.Events)
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(type.Name);
            messages[type.Name] = OfEvent(type);
            channels[name] = Channel(
                $"{type.Namespace}:{type.Name}", "fanout", $"Every {type.Name}; a queue of each service that hears it is bound here.",
                type.Name);
            operations[$"announce{type.Name}"] = Operation("send", name, $"The platform announces {type.Name}.");
        }

        AddFeed(channels, operations, messages);
        AddIngest(channels, operations, messages);
        return new()
        {
            ["asyncapi"] = "3.0.0",
            ["id"] = "urn:imprimatur",
            ["info"] = new JsonObject
            {
                ["title"] = "Imprimatur on RabbitMQ",
                ["version"] = "1",
                ["description"] = "Generated from contracts/events and contracts/grpc by tests/Contracts.Tests: "
                    + "PLATFORM_UPDATE_LOCK=1 writes it anew. 'send' is what the platform does. Publish to imprimatur.events, "
                    + "bind queues of your own to imprimatur.feed; the other exchanges are the services' own.",
                ["license"] = new JsonObject { ["name"] = "Apache-2.0" },
            },
            ["defaultContentType"] = MassTransit,
            ["servers"] = new JsonObject
            {
                ["broker"] = new JsonObject
                {
                    ["host"] = "localhost:5672",
                    ["protocol"] = "amqp",
                    ["protocolVersion"] = "0-9-1",
                    ["description"] = "RabbitMQ 3.10 or later; Platform:RabbitMq names it.",
                },
            },
            ["channels"] = channels,
            ["operations"] = operations,
            ["components"] = new JsonObject { ["messages"] = messages },
        };
    }

    private static void AddFeed(JsonObject channels, JsonObject operations, JsonObject messages)
    {
        messages["FeedEvent"] = Message(
            CloudEvent, Ref($"schemas/{JsonSchemas.Feed}.schema.json"),
            "One entry of the token feed: a CloudEvent in structured mode. Sequence numbers have no gap; a number that was seen "
            + "already is a repeat, and one too high means that the queue lost some: read them by ReadFeed or Follow.");
        channels["tokenFeed"] = Channel(
            "imprimatur.feed", "topic",
            "Routing keys: token.transferred.<chain id>.<contract in lower case>, chain.reorganised.<chain id>, "
            + "chain.finalised.<chain id>. At least once, in order. Declare a durable queue and bind it.",
            "FeedEvent");
        operations["publishFeed"] = Operation("send", "tokenFeed", "royalty-indexer publishes every entry of the feed.");
    }

    private static void AddIngest(JsonObject channels, JsonObject operations, JsonObject messages)
    {
        const string schema = "../http/event.schema.json";
        messages["StructuredEvent"] = Message(
            CloudEvent, Ref(schema), "A CloudEvent in structured mode; its extension 'campaign' names the campaign.");
        messages["BinaryEvent"] = Message(
            "application/json", Ref($"{schema}#/properties/data"), "A CloudEvent in binary mode: its data is the body.");
        messages["BinaryEvent"]!["headers"] = new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray(
                "cloudEvents:specversion", "cloudEvents:id", "cloudEvents:source", "cloudEvents:type", "cloudEvents:campaign"),
            ["properties"] = new JsonObject
            {
                ["cloudEvents:specversion"] = Ref($"{schema}#/properties/specversion"),
                ["cloudEvents:id"] = Ref($"{schema}#/properties/id"),
                ["cloudEvents:source"] = Ref($"{schema}#/properties/source"),
                ["cloudEvents:type"] = Ref($"{schema}#/properties/type"),
                ["cloudEvents:time"] = Ref($"{schema}#/properties/time"),
                ["cloudEvents:campaign"] = new JsonObject { ["description"] = "The campaign's name.", ["type"] = "string" },
                ["cloudEvents:priority"] = Ref($"{schema}#/properties/priority"),
            },
        };
        messages["PlainEvent"] = Message(
            "application/json", Ref($"schemas/{JsonSchemas.PlainEvent}.schema.json"), "No CloudEvent: the campaign is in the body.");
        channels["campaignEvents"] = Channel(
            "imprimatur.events", "topic", "Campaign systems publish here, routing key = the campaign's name, persistent, with publisher confirms and mandatory.",
            "StructuredEvent", "BinaryEvent", "PlainEvent");
        operations["receiveEvents"] = Operation("receive", "campaignEvents", "campaigns admits what campaign systems publish.");
    }

    private static JsonObject OfEvent(Type type)
    {
        var message = Message(
            MassTransit,
            new JsonObject
            {
                ["allOf"] = new JsonArray(
                    Ref($"schemas/{JsonSchemas.Envelope}.schema.json"),
                    new JsonObject
                    {
                        ["type"] = "object",
                        ["properties"] = new JsonObject
                        {
                            ["messageType"] = new JsonObject
                            {
                                ["type"] = "array",
                                ["contains"] = new JsonObject { ["const"] = $"urn:message:{type.Namespace}:{type.Name}" },
                            },
                            ["message"] = Ref($"schemas/{type.Name}.schema.json"),
                        },
                    }),
            },
            Summaries.Of(type) ?? type.Name);
        message["name"] = $"urn:message:{type.Namespace}:{type.Name}";
        return message;
    }

    private static JsonObject Message(string contentType, JsonObject payload, string summary) => new()
    {
        ["contentType"] = contentType,
        ["summary"] = summary,
        ["payload"] = payload,
    };

    private static JsonObject Channel(string exchange, string type, string description, params IReadOnlyList<string> messages) => new()
    {
        ["address"] = exchange,
        ["description"] = description,
        ["messages"] = new JsonObject(messages.Select(name =>
            KeyValuePair.Create(name, (JsonNode?)Ref($"#/components/messages/{name}")))),
        ["bindings"] = new JsonObject
        {
            ["amqp"] = new JsonObject
            {
                ["is"] = "routingKey",
                ["exchange"] = new JsonObject
                {
                    ["name"] = exchange,
                    ["type"] = type,
                    ["durable"] = true,
                    ["autoDelete"] = false,
                },
                ["bindingVersion"] = "0.3.0",
            },
        },
    };

    private static JsonObject Operation(string action, string channel, string summary) => new()
    {
        ["action"] = action,
        ["channel"] = Ref($"#/channels/{channel}"),
        ["summary"] = summary,
    };

    private static JsonObject Ref(string to) => new() { ["$ref"] = to };
}
