using System.Text.Json.Nodes;

namespace Platform.Cli.Tests;

/// <summary>The published description of the HTTP side is the one that the service gives of itself.</summary>
public sealed class OpenApiTests(Bench bench)
{
    private static readonly string Published = Repository.In("contracts", "http", "openapi.json");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Is_published_as_the_service_gives_it()
    {
        var text = await AskAsync();
        if (Environment.GetEnvironmentVariable("PLATFORM_UPDATE_OPENAPI") == "1")
        {
            await File.WriteAllTextAsync(Published, text, Cancellation);
        }

        var published = await File.ReadAllTextAsync(Published, Cancellation);

        Assert.True(published == text, "The HTTP side changed: run the tests with PLATFORM_UPDATE_OPENAPI=1, and read the difference.");
    }

    [Fact]
    public async Task Is_the_same_each_time_and_names_no_host()
    {
        var first = await AskAsync();

        Assert.Equal(first, await AskAsync());
        Assert.DoesNotContain("127.0.0.1", first);
        Assert.DoesNotContain("localhost", first);
    }

    [Fact]
    public async Task Is_behind_the_token()
    {
        using var stranger = Platform.Embedded.Loopback.CreateClient();

        using var answer = await stranger.GetAsync(new Uri(bench.Options.Http, "openapi/v1.json"), Cancellation);

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Describes_the_three_ways_of_a_cloud_event_the_errors_and_the_token()
    {
        var api = JsonNode.Parse(await AskAsync())!;

        var post = api["paths"]!["/v1/campaigns/{campaign}/events"]!["post"]!;
        Assert.Equal(
            ["application/cloudevents+json", "application/cloudevents-batch+json", "application/json"],
            post["requestBody"]!["content"]!.AsObject().Select(each => each.Key));
        Assert.Equal(
            ["campaign", "ce-specversion", "ce-type", "ce-source", "ce-id", "ce-priority", "ce-time",
                "webhook-id", "webhook-timestamp", "webhook-signature"],
            post["parameters"]!.AsArray().Select(each => (string?)each!["name"]));
        Assert.All(
            ["400", "401", "403", "404", "409", "413", "415", "429"],
            code => Assert.NotNull(post["responses"]![code]!["content"]!["application/problem+json"]));
        Assert.Equal("bearer", (string?)api["components"]!["securitySchemes"]!["installation"]!["scheme"]);
        Assert.NotNull(api["security"]![0]!["installation"]);
        Assert.NotNull(api["components"]!["schemas"]!["PersonalizationEvent"]!["properties"]!["data"]);
        Assert.NotNull(api["components"]!["schemas"]!["ProblemDetails"]!["properties"]!["errors"]);
        Assert.Empty(api["paths"]!["/ipfs/{cid}/{path}"]!["get"]!["security"]!.AsArray());
    }

    private async Task<string> AskAsync() =>
        await bench.Api.Http.GetStringAsync(new Uri("openapi/v1.json", UriKind.Relative), Cancellation) + "\n";
}
