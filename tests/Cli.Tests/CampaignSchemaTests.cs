using System.Text.Json.Nodes;
using Platform.Embedded;

namespace Platform.Cli.Tests;

/// <summary>The schema of the campaign file and the rules of the code say the same, at each limit.</summary>
public sealed class CampaignSchemaTests(Bench bench)
{
    private const string Facts = "facts";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sample_campaign_is_valid()
    {
        var sample = JsonNode.Parse(await File.ReadAllTextAsync(
            Repository.In("deploy", "embedded", "sample", "campaign.json"), Cancellation))!;

        Assert.Null(Assert.Single(await SchemaValidator.JudgeAsync("campaign", [sample], Cancellation)));
        Assert.True(File.Exists(Path.GetFullPath(
            (string)sample["$schema"]!, Repository.In("deploy", "embedded", "sample"))));
    }

    [Fact]
    public Task Takes_what_the_service_takes() => AgreesAsync(isValid: true,
    [
        With("name", "abc"), With("name", new string('a', 63)),
        With("title", new string('t', 120)), With("title", Repeated("🎨", 120)),
        With("description", ""), With("description", new string('d', 2_000)), With("description", "one\ntwo\tthree"),
        With("usageTerms", new string('u', 2_000)),
        With("prompt", "plain"), With("variants", new JsonArray([.. Enumerable.Range(0, 16).Select(each => (JsonNode)$"v{each}")])),
        With("style.headline", new string('h', 60)), With("style.line", new string('l', 90)), With("style.wordmark", new string('w', 30)),
        With("style.size", 256), With("style.size", 2048), With("style.size", 0),
        With("style.palette", new JsonArray("#000000")), With("style.families", new JsonArray("arches")),
        With("policy", "a@1"), With("policy", $"{new string('p', 63)}@123456789"),
        With("licence", "MIT"), With("licence", "GPL-2.0+"), With("licence", "LicenseRef-House.1"),
        With("royalty.basisPoints", 0), With("royalty.basisPoints", 10_000),
        With("collection.name", new string('c', 64)), With("collection.symbol", "ABCDEFGHIJK"),
        With("budget", 0), With("budget", "1000"), With("externalUrl", ""), With("externalUrl", $"https://k.example/{new string('p', 2_030)}"),
        WithFact(new() { ["name"] = new string('f', 63), ["type"] = "TEXT", ["maxLength"] = 200 }),
        WithFact(new() { ["name"] = "f", ["type"] = "NUMBER", ["minimum"] = -1.5, ["maximum"] = -1.5 }),
        WithFact(new() { ["name"] = "f", ["type"] = "BOOLEAN", ["personal"] = true, ["optional"] = true }),
        WithFacts(64),
        WithFact(new() { ["name"] = "f", ["type"] = "TEXT", ["values"] = Texts(256) }),
        Without("description"), Without("budget"), Without("externalUrl"), Without("variants"), With("$schema", "x.json"),
    ]);

    [Fact]
    public Task Refuses_what_the_service_refuses() => AgreesAsync(isValid: false,
    [
        With("name", "ab"), With("name", new string('a', 64)), With("name", "Kaffa"), With("name", "-kaffa"), With("name", "kaffa\n"), With("name", 3),
        With("title", ""), With("title", "  "), With("title", new string('t', 121)), With("title", "two\nlines"), With("title", "\u202Eeltit"),
        With("description", new string('d', 2_001)), With("description", "\u0007"),
        With("usageTerms", new string('u', 2_001)), With("usageTerms", ""),
        With("prompt", ""), With("prompt", new string('p', 16_385)), With("prompt", 1),
        With("variants", Texts(17)), With("variants", new JsonArray("a", "a")), With("variants", new JsonArray("A")), With("variants", "a"),
        With("style.palette", new JsonArray()), With("style.palette", Texts(9, "#00000")), With("style.palette", new JsonArray("red")),
        With("style.families", Texts(33)), With("style.families", new JsonArray("Arches")),
        With("style.headline", new string('h', 61)), With("style.line", new string('l', 91)), With("style.wordmark", new string('w', 31)),
        With("style.size", 255), With("style.size", 2049), With("style.size", "1024"), With("style.colour", "red"),
        With("policy", "brand-safe"), With("policy", "brand-safe@0"), With("licence", ""), With("licence", "LicenseRef-"),
        With("royalty.receiver", "0x12"), With("royalty.receiver", "0x0000000000000000000000000000000000000000"),
        With("royalty.basisPoints", -1), With("royalty.basisPoints", 10_001), With("royalty.basisPoints", 1.5),
        With("collection.name", new string('c', 65)), With("collection.symbol", "ABCDEFGHIJKL"), With("collection.symbol", ""),
        With("budget", -1), With("budget", true), With("budget", "many"),
        With("externalUrl", "http://k.example"), With("externalUrl", "https://u@k.example"), With("externalUrl", $"https://k.example/{new string('p', 2_031)}"),
        WithFact(new() { ["name"] = new string('f', 64), ["type"] = "TEXT" }), WithFact(new() { ["name"] = "Age", ["type"] = "TEXT" }),
        WithFact(new() { ["name"] = "now", ["type"] = "TEXT" }), WithFact(new() { ["name"] = "f" }), WithFact(new() { ["type"] = "TEXT" }),
        WithFact(new() { ["name"] = "f", ["type"] = "text" }), WithFact(new() { ["name"] = "f", ["type"] = "TYPE_UNSPECIFIED" }),
        WithFact(new() { ["name"] = "f", ["type"] = "TEXT", ["maxLength"] = 201 }), WithFact(new() { ["name"] = "f", ["type"] = "TEXT", ["maxLength"] = -1 }),
        WithFact(new() { ["name"] = "f", ["type"] = "TEXT", ["minimum"] = 0 }), WithFact(new() { ["name"] = "f", ["type"] = "NUMBER", ["maxLength"] = 8 }),
        WithFact(new() { ["name"] = "f", ["type"] = "NUMBER", ["values"] = new JsonArray("1") }),
        WithFact(new() { ["name"] = "f", ["type"] = "NUMBER", ["minimum"] = "0" }),
        WithFact(new() { ["name"] = "f", ["type"] = "TEXT", ["values"] = new JsonArray("a", "a") }),
        WithFact(new() { ["name"] = "f", ["type"] = "TEXT", ["values"] = new JsonArray("{a}") }),
        WithFact(new() { ["name"] = "f", ["type"] = "TEXT", ["values"] = new JsonArray("") }),
        WithFact(new() { ["name"] = "f", ["type"] = "TEXT", ["values"] = Texts(257) }),
        WithFact(new() { ["name"] = "f", ["type"] = "TEXT", ["personal"] = "yes" }), WithFact(new() { ["name"] = "f", ["type"] = "TEXT", ["unit"] = "cm" }),
        WithFacts(65), With("colour", "red"), With("usage_terms", "x"), With("title", null),
        Without("name"), Without("title"), Without("prompt"), Without("style"), Without("policy"), Without("licence"),
        Without("usageTerms"), Without("royalty"), Without("collection"), new JsonArray(), "campaign",
    ]);

    private async Task AgreesAsync(bool isValid, IReadOnlyList<JsonNode> campaigns)
    {
        var judged = await SchemaValidator.JudgeAsync("campaign", campaigns, Cancellation);
        foreach (var (campaign, why) in campaigns.Zip(judged))
        {
            var refusal = await RefusalAsync(campaign);

            Assert.True((why is null) == isValid, $"The schema says '{why}' of {Shown(campaign)}");
            Assert.True((refusal is null) == isValid, $"The code says '{refusal}' of {Shown(campaign)}");
        }
    }

    private async Task<string?> RefusalAsync(JsonNode campaign)
    {
        try
        {
            await CampaignFile.Read(bench.Write("campaign.json", campaign.ToJsonString())).PublishAsync(bench.Api, Cancellation);
            return null;
        }
        catch (UserErrorException exception)
        {
            return exception.Message;
        }
    }

    private static string Shown(JsonNode campaign) => campaign.ToJsonString() is { Length: > 3_000 } text ? text[..3_000] : campaign.ToJsonString();

    private static JsonObject With(string path, JsonNode? value)
    {
        var campaign = Bench.ACampaign("schema-tests");
        var steps = path.Split('.');
        var at = steps.SkipLast(1).Aggregate(campaign, (node, step) => (JsonObject)node[step]!);
        at[steps[^1]] = value;
        return campaign;
    }

    private static JsonObject Without(string field)
    {
        var campaign = Bench.ACampaign("schema-tests");
        campaign.Remove(field);
        return campaign;
    }

    private static JsonObject WithFact(JsonObject fact)
    {
        var campaign = With("prompt", "plain");
        campaign[Facts] = new JsonArray(fact);
        return campaign;
    }

    private static JsonObject WithFacts(int count)
    {
        var campaign = With("prompt", "plain");
        campaign[Facts] = new JsonArray([.. Enumerable.Range(0, count).Select(each =>
            (JsonNode)new JsonObject { ["name"] = $"f{each}", ["type"] = "TEXT" })]);
        return campaign;
    }

    private static JsonArray Texts(int count, string prefix = "v") =>
        new([.. Enumerable.Range(0, count).Select(each => (JsonNode)$"{prefix}{each}")]);

    private static string Repeated(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
