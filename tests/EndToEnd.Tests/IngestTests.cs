using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Platform.Grpc.Campaigns;

namespace Platform.EndToEnd.Tests;

/// <summary>The front door, knocked on by a publisher and by a stranger.</summary>
public sealed class IngestTests : EndToEndTest
{
    private const string Campaign = "front-door";

    private Imprimatur run = null!;

    public override async ValueTask InitializeAsync()
    {
        run = await RunAsync(AFolder(), APort(), null, "--linger", "100");
        await Situations.PublishCampaignAsync(run, Situations.ACampaign(Campaign));
    }

    // One platform for all of it: a start costs more than everything asked here.
    [Fact]
    public async Task Takes_what_is_right_once_and_says_field_by_field_what_is_wrong()
    {
        await AssertSameEventSameAnswerAsync();
        await AssertOtherBodyConflictsAsync();
        await AssertWrongFieldsAreNamedAsync();
        await AssertOneBadEventKeepsAllOutAsync();
        await AssertWhatIsNotAnEventIsRefusedAsync();
        await AssertStrangersAreRefusedAsync();
        await AssertLinksResolveAsync();
    }

    private async Task AssertSameEventSameAnswerAsync()
    {
        var sent = Situations.AnEvent("same", 1);

        var first = await AcceptedAsync(await PostAsync(sent.Json));
        var second = await AcceptedAsync(await PostAsync(sent.Json));
        var batch = await AcceptedAsync(await Situations.PostAsync(run.Http, Campaign, [sent, sent]));

        Assert.Equal(AssetId(first), AssetId(second));
        Assert.All(batch["assets"]!.AsArray(), asset => Assert.Equal(AssetId(first), asset!["assetId"]!.GetValue<Guid>()));
        Assert.Equal(1, await ReceivedAsync());
    }

    private async Task AssertOtherBodyConflictsAsync()
    {
        var other = Situations.AnEvent("same", 1, subject: "somebody else");

        var problem = await ProblemAsync(await PostAsync(other.Json), HttpStatusCode.Conflict);
        var within = await ProblemAsync(
            await Situations.PostAsync(run.Http, Campaign, [Situations.AnEvent("twice", 2), Situations.AnEvent("twice", 3)]),
            HttpStatusCode.Conflict);

        Assert.DoesNotContain("somebody else", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull(within["title"]);
        Assert.Equal(1, await ReceivedAsync());
    }

    private async Task AssertWrongFieldsAreNamedAsync()
    {
        (string Field, Action<JsonObject> Change)[] wrong =
        [
            ("specversion", written => written["specversion"] = "0.3"),
            ("type", written => written["type"] = "something.else"),
            ("source", written => written.Remove("source")),
            ("source", written => written["source"] = "not a uri reference"),
            ("id", written => written["id"] = ""),
            ("id", written => written["id"] = new string('i', 257)),
            ("time", written => written["time"] = "yesterday"),
            ("datacontenttype", written => written["datacontenttype"] = "text/plain"),
            ("data", written => written.Remove("data")),
            ("data", written => written["data"] = 7),
            ("data.recipient", written => written["data"]!["recipient"] = "0x1234"),
            ("data.recipient", written => written["data"]!["recipient"] = "0x52908400098527886E0F7030069857D2E4169Ee7"),
            ("data.subject", written => ((JsonObject)written["data"]!).Remove("subject")),
            ("data.facts", written => ((JsonObject)written["data"]!).Remove("facts")),
            ("data.surplus", written => written["data"]!["surplus"] = true),
            ("data.facts.motif", written => written["data"]!["facts"]!["motif"] = "none of the list"),
            ("data.facts.motif", written => ((JsonObject)written["data"]!["facts"]!).Remove("motif")),
            ("data.facts.visits", written => written["data"]!["facts"]!["visits"] = -1),
            ("data.facts.visits", written => written["data"]!["facts"]!["visits"] = "many"),
            ("data.facts.note", written => written["data"]!["facts"]!["note"] = new string('n', 201)),
            ("data.facts.undeclared", written => written["data"]!["facts"]!["undeclared"] = 1),
        ];
        foreach (var (field, change) in wrong)
        {
            var problem = await ProblemAsync(
                await PostAsync(Situations.AnEvent("wrong", 4, change: change).Json), HttpStatusCode.BadRequest);

            Assert.Contains(problem["errors"]!.AsArray(), error => error!["field"]!.GetValue<string>() == field);
            Assert.All(problem["errors"]!.AsArray(), error => Assert.NotEqual("", error!["message"]!.GetValue<string>()));
        }

        Tell($"{wrong.Length} wrong fields were named");
    }

    private async Task AssertOneBadEventKeepsAllOutAsync()
    {
        var before = await ReceivedAsync();
        var bad = Situations.AnEvent("bad", 5, recipient: "nobody");

        var problem = await ProblemAsync(
            await Situations.PostAsync(
                run.Http, Campaign, [.. Situations.Events(3, "good"), bad, .. Situations.Events(3, "fine")]),
            HttpStatusCode.BadRequest);

        Assert.Equal("[3].data.recipient", Assert.Single(problem["errors"]!.AsArray())!["field"]!.GetValue<string>());
        Assert.Equal(before, await ReceivedAsync());
    }

    private async Task AssertWhatIsNotAnEventIsRefusedAsync()
    {
        var right = Situations.AnEvent("right", 6).Json;
        (string Body, string Type, HttpStatusCode Code)[] wrong =
        [
            ("", "application/cloudevents+json", HttpStatusCode.BadRequest),
            ("{", "application/cloudevents+json", HttpStatusCode.BadRequest),
            ("[]", "application/cloudevents+json", HttpStatusCode.BadRequest),
            ($"{right} {right}", "application/cloudevents+json", HttpStatusCode.BadRequest),
            (right, "application/cloudevents-batch+json", HttpStatusCode.BadRequest),
            (right, "text/plain", HttpStatusCode.UnsupportedMediaType),
            (right, "application/json", HttpStatusCode.UnsupportedMediaType),
            (new string('[', 10_000), "application/cloudevents-batch+json", HttpStatusCode.BadRequest),
            ($"\"{new string('x', 70_000)}\"", "application/cloudevents+json", HttpStatusCode.RequestEntityTooLarge),
            (new string(' ', (4 * 1024 * 1024) + 1), "application/cloudevents-batch+json", HttpStatusCode.RequestEntityTooLarge),
        ];
        foreach (var (body, type, code) in wrong)
        {
            await ProblemAsync(await Situations.PostAsync(run.Http, Campaign, body, type), code);
        }

        await ProblemAsync(await Situations.PostAsync(run.Http, "no-such-campaign", right), HttpStatusCode.NotFound);
        await ProblemAsync(
            await run.Http.GetAsync(new Uri($"v1/assets/{Guid.CreateVersion7()}", UriKind.Relative)), HttpStatusCode.NotFound);
    }

    private async Task AssertStrangersAreRefusedAsync()
    {
        var right = Situations.AnEvent("stranger", 7).Json;
        foreach (var token in (string?[])[null, "", "wrong", new string('0', 64), run.Token[..63]])
        {
            using var stranger = new HttpClient(new SocketsHttpHandler()) { BaseAddress = run.Gateway };
            stranger.DefaultRequestHeaders.Authorization =
                token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            var problem = await ProblemAsync(
                await Situations.PostAsync(stranger, Campaign, right), HttpStatusCode.Unauthorized);
            Assert.DoesNotContain(run.Token, problem.ToJsonString(), StringComparison.Ordinal);
        }

        foreach (var host in (string[])["rebound.example", "127.0.0.1.example", "localhost.example"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("health/live", UriKind.Relative));
            request.Headers.Host = host;
            await ProblemAsync(await run.Http.SendAsync(request), HttpStatusCode.MisdirectedRequest);
        }
    }

    private async Task AssertLinksResolveAsync()
    {
        var assetId = AssetId(await AcceptedAsync(await PostAsync(Situations.AnEvent("same", 1).Json)));
        JsonNode asset = new JsonObject();
        await UntilAsync(
            async () =>
            {
                asset = JsonNode.Parse(await run.Http.GetStringAsync(new Uri($"v1/assets/{assetId}", UriKind.Relative)))!;
                return asset["status"]!.GetValue<string>() == "minted" ? null : asset.ToJsonString();
            },
            TimeSpan.FromSeconds(60));

        Tell(asset.ToJsonString());
        using var stranger = new HttpClient(new SocketsHttpHandler());
        var image = await stranger.GetAsync(new Uri(asset["links"]!["image"]!.GetValue<string>()));
        var metadata = await stranger.GetAsync(new Uri(asset["links"]!["metadata"]!.GetValue<string>()));
        var custody = await stranger.GetAsync(new Uri(asset["links"]!["custody"]!.GetValue<string>()));
        Assert.Equal("image/png", image.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(JsonNode.Parse(await metadata.Content.ReadAsStringAsync())!["image"]);
        Assert.Equal(assetId, JsonNode.Parse(await custody.Content.ReadAsStringAsync())!["asset"]!["id"]!.GetValue<Guid>());

        // CAIP-19: eip155:<chain>/erc721:<contract>/<token>.
        var token = asset["links"]!["token"]!.GetValue<string>().Split('/');
        var onChain = await new Chain(run.Rpc, token[1]["erc721:".Length..]).TokensAsync();
        Assert.Equal("eip155:31337", token[0]);
        var transaction = asset["links"]!["transaction"]!.GetValue<string>();
        Assert.Contains(onChain, each => each.Id == token[2] && each.MintedBy == transaction);
    }

    private Task<HttpResponseMessage> PostAsync(string json) => Situations.PostAsync(run.Http, Campaign, json);

    private async Task<long> ReceivedAsync() =>
        (await run.Campaigns.GetProgressAsync(new GetProgressRequest { Campaign = Campaign })).Received;

    private static Guid AssetId(JsonNode accepted) => accepted["assets"]![0]!["assetId"]!.GetValue<Guid>();

    private static async Task<JsonNode> AcceptedAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, $"{answer.StatusCode}: {body}");
        return JsonNode.Parse(body)!;
    }

    private static async Task<JsonNode> ProblemAsync(HttpResponseMessage answer, HttpStatusCode code)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == code, $"{code} expected, {answer.StatusCode}: {body}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(body)!;
    }
}
