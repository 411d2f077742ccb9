using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Platform.Grpc.Campaigns;
using Platform.Grpc.Minting;
using Platform.Grpc.RoyaltyIndexer;

namespace Platform.EndToEnd.Tests;

/// <summary>Two hundred events through ten kills: no token too few, none too many, none in another's hands.</summary>
public sealed partial class KillTests : EndToEndTest
{
    private const string Campaign = "through-kills";
    private const int Rounds = 10;
    private const int EventsOfARound = 20;

    // Several batches, and news of what a lost message left behind before anybody loses patience.
    private static readonly Dictionary<string, string?> Environment = new()
    {
        ["Minting__MaxBatch"] = "40",
        ["Campaigns__FirstCheckSeconds"] = "20",
    };

    private readonly Dictionary<string, (Guid AssetId, string Recipient)> answered = [];

    /// <summary>When to kill: a line of the log, or an answer of the platform where a stage has no line of its own.</summary>
    private enum Stage { Ingest, Generated, Judged, Pinned, Sealed, Creating, Signed, InBlock, Minted, Indexed }

    [Fact]
    public Task Two_hundred_events_survive_ten_kills() => SurviveAsync(Seed());

    [Theory]
    [InlineData("one")]
    [InlineData("two")]
    [InlineData("three")]
    [InlineData("four")]
    [InlineData("five")]
    public Task Two_hundred_events_survive_ten_kills_in_other_orders(string seed)
    {
        Assert.SkipUnless(IsLong, "Set PLATFORM_TEST_LONG=true for more orders of kills.");
        return SurviveAsync(seed);
    }

    private async Task SurviveAsync(string seed)
    {
        var kills = Plan(seed);
        Tell($"seed {seed}: {string.Join(", ", kills.Select(kill => kill.WithChain ? $"{kill.Stage}+chain" : $"{kill.Stage}"))}");
        var (data, port) = (AFolder(), APort());
        var lost = 0L;
        var run = await StartAsync(data, port);
        await Situations.PublishCampaignAsync(run, Situations.ACampaign(Campaign));

        foreach (var (round, kill) in kills.Index())
        {
            var events = Situations.Events(EventsOfARound, $"round-{round}");
            (run, var blocks) = await KillAndStartAsync(run, kill.Stage, kill.WithChain, events);
            lost += blocks;
        }

        // No block may have come between the earlier state and the kills; then once more.
        for (var more = 0; lost == 0 && more < 10; more++)
        {
            (run, lost) = await KillAndStartAsync(run, Stage.InBlock, withChain: true, Situations.Events(1, $"more-{more}"));
        }

        Tell($"lost blocks in all: {lost}");
        Assert.True(lost > 0, "No kill lost a block: the test did not test what it says.");
        await MintedAsync(run, answered.Count);
        Assert.True(answered.Count >= Rounds * EventsOfARound);
        await AssertEachOnceAsync(run);
    }

    private Task<Imprimatur> StartAsync(string data, int port) => RunAsync(data, port, Environment, "--linger", "300");

    /// <summary>One kill: publishes events, ends the program at the stage, starts it again, and publishes them once more.</summary>
    private async Task<(Imprimatur Run, long LostBlocks)> KillAndStartAsync(
        Imprimatur run, Stage stage, bool withChain, IReadOnlyList<APublishedEvent> events)
    {
        var earlier = withChain ? await ReadStateAsync(run.Data) : null;
        var seen = await PublishUntilAsync(run, stage, events);
        await run.KillAsync(withChain);
        Tell($"killed at {stage}: {seen}");
        var lost = 0L;
        if (withChain)
        {
            // Where the chain's state reached the disk in time, an earlier one takes its place: it lost what came since.
            var had = Math.Max(HighestBlock(run.Output), KeptBlock(run.Data));
            if (earlier is not null && KeptBlock(run.Data) == had)
            {
                await File.WriteAllBytesAsync(StateFile(run.Data), earlier);
            }

            lost = had - KeptBlock(run.Data);
            Tell($"its chain too: it had block {had} and starts again with {had - lost}");
        }

        var next = await StartAsync(run.Data, run.Port);
        await PublishAsync(next, events); // whatever was answered before: at least once
        return (next, lost);
    }

    /// <summary>Publishes a round's events, and answers when the platform reached the stage with some of them.</summary>
    private async Task<string> PublishUntilAsync(Imprimatur run, Stage stage, IReadOnlyList<APublishedEvent> batch)
    {
        if (stage == Stage.Ingest)
        {
            await PublishAsync(run, [.. batch.Take(5)]);
            _ = PublishAsync(run, [.. batch.Skip(5)]).ContinueWith(failed => failed.Exception, TaskScheduler.Default);
            return "5 events were answered, 15 were on their way";
        }

        var line = Line(stage) is { } part ? run.NextLineAsync(part) : null;
        var before = line is null ? await ReachedAsync(run, stage) : 0;
        await PublishAsync(run, batch);
        if (line is not null)
        {
            return await line.WaitAsync(TimeSpan.FromSeconds(60));
        }

        var now = before;
        await UntilAsync(
            async () => (now = await ReachedAsync(run, stage)) > before ? null : $"no asset was {stage}",
            TimeSpan.FromSeconds(60));
        return $"{now} assets were there, {before} before";
    }

    private async Task PublishAsync(Imprimatur run, IReadOnlyList<APublishedEvent> batch)
    {
        using var answer = await Situations.PostAsync(run.Http, Campaign, batch);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, $"{answer.StatusCode}: {body}");
        foreach (var (asset, sent) in JsonNode.Parse(body)!["assets"]!.AsArray().Zip(batch))
        {
            var found = (asset!["assetId"]!.GetValue<Guid>(), sent.Recipient);
            Assert.Equal(sent.Id, asset["event"]!.GetValue<string>());
            Assert.True(!answered.TryGetValue(sent.Id, out var earlier) || earlier == found, $"{sent.Id} is another asset now.");
            answered[sent.Id] = found;
        }
    }

    /// <summary>The highest block that the platform said a batch is in.</summary>
    private static long HighestBlock(string output) => InBlock().Matches(output)
        .Select(match => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();

    /// <summary>The last block that the chain will start again with.</summary>
    private static long KeptBlock(string data)
    {
        var state = StateFile(data);
        return File.Exists(state)
            ? JsonNode.Parse(File.ReadAllText(state))!["best_block_number"]!.GetValue<long>()
            : 0;
    }

    private static async Task<byte[]?> ReadStateAsync(string data) =>
        File.Exists(StateFile(data)) ? await File.ReadAllBytesAsync(StateFile(data)) : null;

    private static string StateFile(string data) => Path.Combine(data, "chain", "state.json");

    [GeneratedRegex(@"is in block (\d+)")]
    private static partial Regex InBlock();

    private static string? Line(Stage stage) => stage switch
    {
        Stage.Generated => "Generated asset",
        Stage.Sealed => "Sealed batch",
        Stage.Creating => "Signed CreateCollection",
        Stage.Signed => "Signed MintBatch",
        Stage.InBlock => "is in block",
        Stage.Minted => "Minted batch",
        Stage.Indexed => "Indexed ",
        _ => null,
    };

    private static async Task<long> ReachedAsync(Imprimatur run, Stage stage)
    {
        var progress = await run.Campaigns.GetProgressAsync(new GetProgressRequest { Campaign = Campaign });
        return stage == Stage.Judged ? progress.Approved : progress.Pinned;
    }

    private static async Task MintedAsync(Imprimatur run, int expected)
    {
        var began = TimeProvider.System.GetUtcNow();
        await UntilAsync(
            async () =>
            {
                var progress = await run.Campaigns.GetProgressAsync(new GetProgressRequest { Campaign = Campaign });
                return progress.Minted == expected ? null : $"{progress}";
            },
            TimeSpan.FromSeconds(120));
        Tell($"all minted {TimeProvider.System.GetUtcNow() - began} after the last start");
    }

    /// <summary>From chain and gateway alone: as many tokens as events, each asset once, each its recipient's.</summary>
    private async Task AssertEachOnceAsync(Imprimatur run)
    {
        var contract = (await run.Minting.GetCollectionAsync(new GetCollectionRequest { Campaign = Campaign })).Contract;
        var tokens = await new Chain(run.Rpc, contract).TokensAsync();
        var gateway = new Gateway(run.Gateway);
        var seen = new Dictionary<Guid, string>();
        foreach (var token in tokens)
        {
            var metadata = await gateway.JsonAsync(token.Uri);
            var custody = await gateway.JsonAsync(new Uri(metadata["custody"]!["uri"]!.GetValue<string>()));
            var image = await gateway.FileAsync(new Uri(metadata["image"]!.GetValue<string>()));
            Assert.Equal(custody["asset"]!["sha256"]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(image)));
            Assert.True(seen.TryAdd(custody["asset"]!["id"]!.GetValue<Guid>(), token.Owner), $"Token {token.Id} is a second one.");
        }

        var transactions = tokens.Select(token => token.MintedBy).Distinct().Count();
        Tell($"{tokens.Count} tokens in {transactions} transactions, {seen.Count} assets");
        Assert.Equal(answered.Count, tokens.Count);
        Assert.Equal(
            answered.Values.ToDictionary(each => each.AssetId, each => each.Recipient).OrderBy(each => each.Key),
            seen.OrderBy(each => each.Key));
        await AssertIndexedAsync(run, contract, tokens);
    }

    private static async Task AssertIndexedAsync(Imprimatur run, string contract, IReadOnlyList<ChainToken> tokens)
    {
        await UntilAsync(
            async () =>
            {
                var cursor = await run.RoyaltyIndexer.GetCursorAsync(new GetCursorRequest { Contract = contract });
                return cursor.BlockNumber == cursor.Head ? null : $"{cursor}";
            },
            TimeSpan.FromSeconds(30));
        var held = await run.RoyaltyIndexer.ListHoldingsAsync(new ListHoldingsRequest { Contract = contract, Limit = 5_000 });
        Assert.Equal(
            tokens.Select(token => (token.Id, token.Owner)).Order(),
            held.Holdings.Select(holding => (holding.TokenId, holding.Owner.ToLowerInvariant())).Order());
        foreach (var token in tokens)
        {
            var history = await run.RoyaltyIndexer.GetHistoryAsync(
                new GetHistoryRequest { Contract = contract, TokenId = token.Id });
            Assert.Equal(token.MintedBy, Assert.Single(history.Transfers).TransactionHash);
        }

        Tell($"the index holds the same {held.Holdings.Count} tokens, each with one transfer");
    }

    /// <summary>Ten stages in an order drawn from the seed; the collection is made once, so its kill comes first.</summary>
    private static IReadOnlyList<(Stage Stage, bool WithChain)> Plan(string seed)
    {
        var others = Enum.GetValues<Stage>().Except([Stage.Creating]);
        List<Stage> stages = [Stage.Creating, .. others.OrderBy(stage => Draw(seed, stage))];
        // Three lose the chain too: two at moments when a block is younger than the last state on disk, and any third.
        HashSet<Stage> withChain =
        [
            .. stages.Where(stage => stage is Stage.InBlock or Stage.Minted or Stage.Indexed)
                .OrderBy(stage => Draw($"{seed}|chain", stage)).Take(2),
        ];
        withChain.Add(stages.Except(withChain).OrderBy(stage => Draw($"{seed}|third", stage)).First());
        return [.. stages.Select(stage => (stage, withChain.Contains(stage)))];
    }

    private static ulong Draw(string seed, Stage stage) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}|{stage}")));

    private static string Seed() => System.Environment.GetEnvironmentVariable("PLATFORM_TEST_SEED")
        ?? TimeProvider.System.GetTimestamp().ToString(CultureInfo.InvariantCulture);
}
