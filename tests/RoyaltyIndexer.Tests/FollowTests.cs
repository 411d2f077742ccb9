using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Platform.Chain;
using Platform.Chain.Local;
using Platform.Grpc.RoyaltyIndexer;

namespace Platform.RoyaltyIndexer.Tests;

/// <summary>The feed as others read it: over gRPC from any position, and over HTTP by the page.</summary>
public sealed class FollowTests(Anvil anvil) : IClassFixture<Anvil>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Follows_from_the_beginning_from_a_cursor_and_as_it_happens()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        await using var store = await Store.OpenAsync(anvil);
        await using var indexer = await ARunningIndexer.StartAsync(anvil, store, settings: "--RoyaltyIndexer:Confirmations=50");
        var spring = await issuer.CreateCollectionAsync("spring");
        await issuer.MintAsync(spring, 3);

        using var following = indexer.Client.Follow(new() { Limit = 5 }, indexer.Credentials);
        var first = await NextAsync(following, 3);
        await issuer.MintAsync(spring, 2);
        var second = await NextAsync(following, 2);
        using var again = indexer.Client.Follow(new() { Cursor = first[1].Cursor, Limit = 3 }, indexer.Credentials);
        var resumed = await NextAsync(again, 3);

        Assert.False(await following.ResponseStream.MoveNext(default)); // the limit
        Assert.Equal(Enumerable.Range(1, 5).Select(each => each.ToString("D20")), first.Concat(second).Select(each => each.Sequence));
        Assert.Equal(first.Concat(second).Skip(2), resumed);
    }

    [Fact]
    public async Task Gives_who_stands_on_an_orphaned_block_the_undo_first()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        await using var store = await Store.OpenAsync(anvil);
        await using var indexer = await ARunningIndexer.StartAsync(anvil, store, settings: "--RoyaltyIndexer:Confirmations=50");
        var spring = await issuer.CreateCollectionAsync("spring");
        var before = await anvil.SnapshotAsync();
        await issuer.MintAsync(spring, 2);
        using var following = indexer.Client.Follow(new(), indexer.Credentials);
        var read = await NextAsync(following, 2);

        await anvil.RevertAsync(before);
        await issuer.MintAsync(spring);
        await anvil.MineAsync(2);
        using var again = indexer.Client.Follow(new() { Cursor = read[1].Cursor }, indexer.Credentials);
        var rest = await NextAsync(again, 4);

        Assert.Equal("imprimatur.chain.reorganised.v1", rest[0].Type);
        Assert.Equal([read[1].Id, read[0].Id], rest.Skip(1).Take(2).Select(each => each.Reverts));
        Assert.False(rest[3].HasReverts);
    }

    [Fact]
    public async Task Gives_signs_of_life_with_where_the_reader_is()
    {
        await using var store = await Store.OpenAsync(anvil);
        await using var indexer = await ARunningIndexer.StartAsync(anvil, store, settings: "--RoyaltyIndexer:HeartbeatSeconds=1");
        var issuer = await Issuer.EnterAsync(anvil);
        await issuer.MintAsync(await issuer.CreateCollectionAsync("spring"));
        using var following = indexer.Client.Follow(new(), indexer.Credentials);
        var told = await NextAsync(following, 2); // minted, final

        var beat = await BeatAsync(following);
        var another = await BeatAsync(following);

        Assert.Equal((1, 2, told[1].Cursor), (another.Earliest, another.Latest, another.Cursor));
        Assert.Equal((long)await anvil.Chain.BlockNumberAsync(default), another.Head);
        Assert.Equal(another.Head, another.Final);
        Assert.Equal(beat.Cursor, another.Cursor);
    }

    [Fact]
    public async Task Sends_a_slow_reader_away_with_a_cursor_to_go_on_from()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        await using var store = await Store.OpenAsync(anvil);
        await using var indexer = await ARunningIndexer.StartAsync(anvil, store, settings: "--RoyaltyIndexer:SlowReaderSeconds=1");
        var spring = await issuer.CreateCollectionAsync("spring");
        await issuer.MintAsync(spring, 1_100);
        await issuer.MintAsync(spring, 1_100);
        using var following = indexer.Client.Follow(new(), indexer.Credentials);
        var read = new List<FeedEvent>();
        read.AddRange(await NextAsync(following, 1));

        await Task.Delay(TimeSpan.FromSeconds(3)); // a reader that does something else: the time itself is the matter here
        var sentAway = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
            {
                read.AddRange(await NextAsync(following, 1));
            }
        });

        Assert.Equal(StatusCode.ResourceExhausted, sentAway.StatusCode);
        using var again = indexer.Client.Follow(
            new() { Cursor = sentAway.Trailers.GetValue("cursor") }, indexer.Credentials);
        read.AddRange(await NextAsync(again, 1));
        var sequences = read.Select(each => each.Sequence).Distinct().ToList(); // the one under way may come twice
        Assert.InRange(read.Count - sequences.Count, 0, 1);
        Assert.Equal(Enumerable.Range(1, sequences.Count).Select(each => each.ToString("D20")), sequences);
    }

    [Fact]
    public async Task Pages_through_the_feed_over_http_in_the_same_json()
    {
        var issuer = await Issuer.EnterAsync(anvil);
        await using var store = await Store.OpenAsync(anvil);
        await using var indexer = await ARunningIndexer.StartAsync(anvil, store);
        var spring = await issuer.CreateCollectionAsync("spring");
        await issuer.MintAsync(spring, 3);
        using var following = indexer.Client.Follow(new(), indexer.Credentials);
        await NextAsync(following, 4);

        var page = JsonNode.Parse(await indexer.Http.GetStringAsync("/v1/feed?after=1&limit=2"))!;
        var owned = JsonNode.Parse(await indexer.Http.GetStringAsync($"/v1/feed?owner={issuer.Address}&minFinality=final"))!;

        Assert.Equal((3, 4), ((long)page["next"]!, (long)page["latest"]!));
        Assert.Equal(["00000000000000000002", "00000000000000000003"], page["events"]!.AsArray().Select(each => (string)each!["sequence"]!));
        Assert.Equal("1.0", (string)page["events"]![0]!["specversion"]!);
        Assert.False(page["events"]![0]!.AsObject().ContainsKey("reverts"));
        Assert.Equal(JsonValueKind.Number, page["events"]![0]!["data"]!["logIndex"]!.GetValueKind());
        Assert.Equal(2, owned["events"]!.AsArray().Count); // its own token, and what became final
    }

    [Theory]
    [InlineData("limit=5000")]
    [InlineData("after=-1")]
    [InlineData("minFinality=soon")]
    [InlineData("owner=me")]
    public async Task Says_what_is_wrong_with_a_question(string query)
    {
        await using var store = await Store.OpenAsync(anvil);
        await using var indexer = await ARunningIndexer.StartAsync(anvil, store);

        using var answer = await indexer.Http.GetAsync($"/v1/feed?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var following = indexer.Client.Follow(new() { Cursor = "77-0123456789abcdef" }, indexer.Credentials);
        var refused = await Assert.ThrowsAsync<RpcException>(() => following.ResponseStream.MoveNext(default));
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Contains("another feed", refused.Status.Detail);
    }

    internal static async Task<IReadOnlyList<FeedEvent>> NextAsync(AsyncServerStreamingCall<FollowResponse> following, int count)
    {
        using var deadline = new CancellationTokenSource(Patience);
        var events = new List<FeedEvent>();
        while (events.Count < count && await following.ResponseStream.MoveNext(deadline.Token))
        {
            if (following.ResponseStream.Current.Event is { } told)
            {
                events.Add(told);
            }
        }

        return events;
    }

    private static async Task<Heartbeat> BeatAsync(AsyncServerStreamingCall<FollowResponse> following)
    {
        using var deadline = new CancellationTokenSource(Patience);
        do
        {
            Assert.True(await following.ResponseStream.MoveNext(deadline.Token));
        }
        while (following.ResponseStream.Current.Heartbeat is null);

        return following.ResponseStream.Current.Heartbeat;
    }

}
