using System.Text;
using System.Text.Json.Nodes;
using Platform.Embedded;

namespace Platform.Cli.Tests;

/// <summary>The schema of an event and the ingest say the same, at each limit.</summary>
public sealed class EventSchemaTests(Bench bench)
{
    private const string Campaign = "event-schema-tests";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_24_sample_events_are_valid()
    {
        var events = (await File.ReadAllLinesAsync(Repository.In("deploy", "embedded", "sample", "events.ndjson"), Cancellation))
            .Select(line => JsonNode.Parse(line)!).ToList();

        var judged = await SchemaValidator.JudgeAsync("event", events, Cancellation);

        Assert.Equal(24, judged.Count);
        Assert.All(judged, Assert.Null);
    }

    [Fact]
    public Task Takes_what_the_ingest_takes() => AgreesAsync(isValid: true,
    [
        With("source", new string('s', 512)), With("source", "urn:crm:%41"), With("id", new string('i', 256)),
        With("time", "2026-09-14T08:00:00Z"), With("time", "2026-09-14t08:00:00.123456789+02:00"), With("time", null),
        With("datacontenttype", "application/json; charset=utf-8"), With("datacontenttype", "application/vnd.crm+json"),
        With("subject", null), With("subject", "s"), With("dataschema", "https://crm.example/schema"),
        With("traceparent", "no trace"), With("partitionkey", 7), With("urgent", true), With("extra", null),
        With("data.subject", new string('x', 256)), With("data.facts.member", true), With("data.facts.cups", 0),
        With("data.recipient", "0xFFC6080F0C23497A054BB49A0A9478DEC664CF38"),
    ]);

    [Fact]
    public Task Refuses_what_the_ingest_refuses() => AgreesAsync(isValid: false,
    [
        With("specversion", "0.3"), With("specversion", null), Without("specversion"),
        With("type", "other"), Without("type"), Without("source"), Without("id"), Without("data"),
        With("source", ""), With("source", new string('s', 513)), With("source", "a b"), With("source", "%4"), With("source", 1),
        With("id", ""), With("id", "  "), With("id", new string('i', 257)), With("id", "a\nb"), With("id", "\u202E"), With("id", 1),
        With("time", "yesterday"), With("time", "2026-13-01T00:00:00Z"), With("time", "2026-09-14 08:00:00Z"), With("time", 1),
        With("datacontenttype", "text/plain"), With("data_base64", "e30="), With("Extra", "x"), With("x-y", "x"), With(new string('x', 65), "x"),
        With("extra", new JsonArray()), With("extra", new JsonObject()),
        With("data", "text"), With("data", null), With("data.recipient", "0x12"), With("data.recipient", new string('0', 42)), With("data.recipient", 1),
        With("data.subject", ""), With("data.subject", new string('x', 257)), With("data.subject", "a\u0000b"),
        With("data.facts", new JsonArray()), With("data.facts.cups", null), With("data.facts.cups", new JsonArray()),
        With("data.facts.cups", new JsonObject()), With("data.nickname", "x"), WithFacts(65), new JsonArray(), "event",
    ]);

    private async Task AgreesAsync(bool isValid, IReadOnlyList<JsonNode> events)
    {
        await CampaignFile.Read(bench.Write("campaign.json", Bench.ACampaign(Campaign).ToJsonString())).PublishAsync(bench.Api, Cancellation);
        var judged = await SchemaValidator.JudgeAsync("event", events, Cancellation);
        foreach (var (each, why) in events.Zip(judged))
        {
            using var content = new StringContent(each.ToJsonString(), Encoding.UTF8, "application/cloudevents+json");
            using var answer = await bench.Api.Http.PostAsync(
                new Uri($"v1/campaigns/{Campaign}/events", UriKind.Relative), content, Cancellation);
            var said = $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancellation)}";

            Assert.True((why is null) == isValid, $"The schema says '{why}' of {each.ToJsonString()}");
            Assert.True(answer.IsSuccessStatusCode == isValid, $"The ingest says {said} of {each.ToJsonString()}");
        }
    }

    private static JsonObject With(string path, JsonNode? value)
    {
        // An event id names one event for ever, so each has its own.
        var made = Bench.AnEvent($"schema-{Guid.CreateVersion7()}");
        var steps = path.Split('.');
        var at = steps.SkipLast(1).Aggregate(made, (node, step) => (JsonObject)node[step]!);
        at[steps[^1]] = value;
        return made;
    }

    private static JsonObject Without(string attribute)
    {
        var made = With("extra", "x");
        made.Remove(attribute);
        return made;
    }

    private static JsonObject WithFacts(int count) => With("data.facts", new JsonObject(
        [.. Enumerable.Range(0, count).Select(each => KeyValuePair.Create($"f{each}", (JsonNode?)"x"))]));
}
