using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Platform.Cli.Tests;

/// <summary>Keys and webhooks on the command line, as a client of a running platform.</summary>
public sealed class ConnectingTests(Bench bench)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_made_used_rotated_and_revoked()
    {
        var made = await AskAsync("keys", "create", "--name", "dashboard", "--scope", "assets:read");
        var id = (string)made["key"]!["id"]!;
        var credential = (string)made["credential"]!;
        Assert.Equal(HttpStatusCode.OK, await UseAsync(credential));
        Assert.StartsWith("whsec_", (string)made["signingSecret"]!);

        var rotated = (string)(await AskAsync("keys", "rotate", id, "--grace-hours", "0"))["credential"]!;
        Assert.Equal(HttpStatusCode.Unauthorized, await UseAsync(credential));
        Assert.Equal(HttpStatusCode.OK, await UseAsync(rotated));

        var revoked = await Imprimatur.RunAsync("keys", "revoke", id, "--data", bench.Data);
        Assert.StartsWith($"Revoked {id} (dashboard) at ", revoked.Output);
        Assert.Equal(HttpStatusCode.Unauthorized, await UseAsync(rotated));
        var listed = await Imprimatur.RunAsync("keys", "list", "--data", bench.Data);
        Assert.Contains(listed.Output.Split('\n'), line => line.Contains(id) && line.Contains("revoked"));
        Assert.DoesNotContain(rotated.Split('_')[2], listed.Output);
    }

    [Fact]
    public async Task An_endpoint_is_added_listed_replayed_and_removed()
    {
        var made = await AskAsync("webhooks", "add", "http://localhost:9/hook", "--status", "minted");
        var id = (string)made["endpoint"]!["id"]!;
        Assert.StartsWith("whsec_", (string)made["secret"]!);

        Assert.Contains(id, (await Imprimatur.RunAsync("webhooks", "list", "--data", bench.Data)).Output);
        Assert.Equal(0, (int)(await AskAsync("webhooks", "replay", "--dead", "--endpoint", id))["deliveries"]!);
        Assert.Equal("No deliveries.\n",
            (await Imprimatur.RunAsync("webhooks", "deliveries", "--endpoint", id, "--data", bench.Data)).Output);
        Assert.Equal($"Removed {id}.\n", (await Imprimatur.RunAsync("webhooks", "remove", id, "--data", bench.Data)).Output);
        Assert.DoesNotContain(id, (await Imprimatur.RunAsync("webhooks", "list", "--data", bench.Data)).Output);
    }

    [Theory]
    [InlineData("keys create --name shop --scope events:read", "scopes: Send one or more of events:write")]
    [InlineData("keys revoke 0000000000000000", "There is no API key '0000000000000000'.")]
    [InlineData("webhooks add http://example.org/", "url: Use https; http is for localhost")]
    [InlineData("webhooks replay", "Say what to send again: one of --asset, --from and --dead.")]
    public async Task What_cannot_be_is_said_in_a_sentence(string line, string why)
    {
        var run = await Imprimatur.RunAsync([.. line.Split(' '), "--data", bench.Data]);

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith(why, run.Error);
    }

    private async Task<JsonNode> AskAsync(params string[] arguments)
    {
        var run = await Imprimatur.RunAsync([.. arguments, "--data", bench.Data, "--json"]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        return JsonNode.Parse(run.Output)!;
    }

    private async Task<HttpStatusCode> UseAsync(string credential)
    {
        using var client = Platform.Embedded.Loopback.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        using var answer = await client.GetAsync(new Uri(bench.Options.Http, "v1/campaigns"), Cancellation);
        return answer.StatusCode;
    }
}
