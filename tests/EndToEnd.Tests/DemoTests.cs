using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.EndToEnd.Tests;

/// <summary>The first thing a stranger runs, and what they find when they look from outside.</summary>
public sealed class DemoTests : EndToEndTest
{
    [Fact]
    public async Task The_sample_becomes_24_tokens_that_a_stranger_can_check_and_its_repetition_becomes_none()
    {
        var (data, port) = (AFolder(), APort());

        var first = await DemoAsync(data, port);
        Tell($"demo: {first.ToJsonString()}");
        AssertSummary(first, data, port);

        var contract = first["contract"]!.GetValue<string>();
        var run = await RunAsync(data, port);
        var before = await LookAsync(run, contract);
        await AssertSeenFromOutsideAsync(run, before);
        Assert.Equal(0, await run.InterruptAsync());

        var second = await DemoAsync(data, port);
        Assert.Equal(24, second["tokens"]!.GetValue<int>());
        Assert.Equal(0, second["newTokens"]!.GetValue<int>());

        var again = await RunAsync(data, port);
        var after = await LookAsync(again, contract);
        Tell($"repetition: nonce {before.Nonce} and {after.Nonce}, batches {before.Batches} and {after.Batches}");
        Assert.Equal(before.Nonce, after.Nonce);
        Assert.Equal(before.Batches, after.Batches);
        Assert.Equal(before.Tokens, after.Tokens);
    }

    [Fact]
    public async Task Another_installation_makes_the_same_pictures_to_the_byte()
    {
        // Two installations share nothing but the program: other token, other keys, other time.
        var (one, two) = (await DigestsAsync(), await DigestsAsync());

        Tell($"{one.Count} pictures, first {one.First()}");
        Assert.Equal(24, one.Count);
        Assert.Equal(one, two);
    }

    private async Task<JsonNode> DemoAsync(string data, int port)
    {
        var demo = Start(data, port, ["demo", "--json"]);
        var code = await demo.EndsAsync();
        Assert.True(code == 0, $"demo ended with {code}: {demo.Errors}");
        var summary = JsonNode.Parse(demo.Output, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        return Assert.IsType<JsonObject>(summary);
    }

    private static void AssertSummary(JsonNode summary, string data, int port)
    {
        Assert.Equal(24, summary["tokens"]!.GetValue<int>());
        Assert.Equal(0, summary["rejected"]!.GetValue<int>());
        Assert.Matches("^0x[0-9a-fA-F]{40}$", summary["contract"]!.GetValue<string>());
        Assert.Equal(31337, summary["chainId"]!.GetValue<int>());
        Assert.Equal($"http://127.0.0.1:{port + 2}", summary["rpc"]!.GetValue<string>());
        Assert.Equal($"http://127.0.0.1:{port}", summary["gateway"]!.GetValue<string>());
        Assert.InRange(summary["batches"]!.GetValue<int>(), 1, 24);
        Assert.InRange(summary["transactions"]!.GetValue<int>(), 1, 24);
        Assert.InRange(summary["gasPerToken"]!.GetValue<long>(), 1_000, 200_000);
        Assert.True(summary["eventsPerSecond"]!.GetValue<double>() > 0);
        var lag = summary["timeToMarketMs"]!;
        Assert.InRange(lag["p50"]!.GetValue<long>(), 1, lag["p95"]!.GetValue<long>());
        Assert.True(File.Exists(summary["contactSheet"]!.GetValue<string>()));
        Assert.Equal(data, summary["data"]!.GetValue<string>());
    }

    private static async Task<Sight> LookAsync(Imprimatur run, string contract)
    {
        var chain = new Chain(run.Rpc, contract);
        var tokens = await chain.TokensAsync();
        var minter = await chain.SenderAsync(tokens[0].MintedBy);
        return new Sight(tokens, await chain.NonceAsync(minter), tokens.Select(token => token.MintedBy).Distinct().Count());
    }

    private static async Task AssertSeenFromOutsideAsync(Imprimatur run, Sight sight)
    {
        var gateway = new Gateway(run.Gateway);
        var wanted = File.ReadLines(Path.Combine(Path.GetDirectoryName(Imprimatur.Program)!, "sample", "events.ndjson"))
            .Select(line => JsonNode.Parse(line)!["data"]!["recipient"]!.GetValue<string>().ToLowerInvariant());
        Assert.Equal(wanted.Order(), sight.Tokens.Select(token => token.Owner).Order());

        var pictures = new HashSet<string>();
        foreach (var token in sight.Tokens)
        {
            var metadata = await gateway.JsonAsync(token.Uri);
            var image = await gateway.FileAsync(new Uri(metadata["image"]!.GetValue<string>()));
            Assert.Equal(metadata["properties"]!["sha256"]!.GetValue<string>(), Digest(image));
            Assert.True(image is [0x89, (byte)'P', (byte)'N', (byte)'G', ..]);

            var custody = await gateway.FileAsync(new Uri(metadata["custody"]!["uri"]!.GetValue<string>()));
            Assert.Equal(metadata["custody"]!["sha256"]!.GetValue<string>(), Digest(custody));
            Assert.Equal(token.Owner, JsonNode.Parse(custody)!["recipient"]!.GetValue<string>().ToLowerInvariant());
            Assert.True(pictures.Add(metadata["image"]!.GetValue<string>()), "Two tokens show one picture.");
        }

        Tell($"seen from outside: {sight.Tokens.Count} tokens, {pictures.Count} pictures");
    }

    private async Task<SortedDictionary<string, string>> DigestsAsync()
    {
        var (data, port) = (AFolder(), APort());
        var summary = await DemoAsync(data, port);
        var run = await RunAsync(data, port);
        var gateway = new Gateway(run.Gateway);
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var token in await new Chain(run.Rpc, summary["contract"]!.GetValue<string>()).TokensAsync())
        {
            var metadata = await gateway.JsonAsync(token.Uri);
            var custody = await gateway.JsonAsync(new Uri(metadata["custody"]!["uri"]!.GetValue<string>()));
            var image = await gateway.FileAsync(new Uri(metadata["image"]!.GetValue<string>()));
            digests.Add(custody["asset"]!["id"]!.GetValue<string>(), Digest(image));
        }

        Assert.Equal(0, await run.InterruptAsync());
        return digests;
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private sealed record Sight(IReadOnlyList<ChainToken> Tokens, long Nonce, int Batches);
}
