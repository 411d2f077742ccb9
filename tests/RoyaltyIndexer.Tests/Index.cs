using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Chain;
using Platform.Chain.Contracts;
using Platform.Chain.Local;
using Platform.Events;
using Platform.Mongo;

namespace Platform.RoyaltyIndexer.Tests;

/// <summary>The indexer over a database, one round at a time, so that a crash can come between any two.</summary>
internal sealed class Index : IDisposable
{
    private readonly IMongoDatabase database;
    private readonly IEthereum node;
    private readonly IEthereum truth;
    private readonly IndexChain loop;
    private readonly AnnounceTransfers announcing;
    private readonly Leases<RoyaltyIndexerService> leases;

    /// <param name="node">What it reads from.</param>
    /// <param name="truth">What it is held against.</param>
    public Index(
        IMongoDatabase database, IEthereum node, IEthereum truth, RoyaltyIndexerOptions settings, LeaseTerms? terms = null)
    {
        (this.database, this.node, this.truth, Settings) = (database, node, truth, settings);
        var options = Options.Create(settings);
        var service = new ServiceDatabase<RoyaltyIndexerService>(database);
        leases = new(service, terms ?? new() { Alone = true }, TimeProvider.System);
        Checkpoints = new(service, options);
        Feed = new(service);
        Blocks = new(service);
        Collections = new(service);
        Ownership = new(service, Feed);
        Reader = new(Checkpoints, Feed);
        View = new(service, Feed, Ownership);
        loop = new(
            node, Checkpoints, Blocks, Collections, new(node, Collections, options), Feed, View, options, TimeProvider.System,
            leases, NullLogger<IndexChain>.Instance);
        announcing = new(
            Checkpoints, Feed, new(service), Announced, options, TimeProvider.System, leases,
            NullLogger<AnnounceTransfers>.Instance);
    }

    public RoyaltyIndexerOptions Settings { get; }

    public Checkpoints Checkpoints { get; }

    public Feed Feed { get; }

    public IndexedBlocks Blocks { get; }

    public FollowedCollections Collections { get; }

    public Ownership Ownership { get; }

    public FeedReader Reader { get; }

    public IndexView View { get; }

    public Announcements Announced { get; } = new();

    /// <summary>Begins at the chain's next block.</summary>
    public static async Task<Index> OpenAsync(
        IMongoDatabase database, Anvil anvil, Action<RoyaltyIndexerOptions>? configure = null, IEthereum? node = null)
    {
        var settings = new RoyaltyIndexerOptions { FromBlock = (long)await anvil.Chain.BlockNumberAsync(default) + 1 };
        configure?.Invoke(settings);
        var index = new Index(database, node ?? anvil.Chain, anvil.Chain, settings);
        await index.EnsureIndexesAsync();
        return index;
    }

    /// <summary>As a new process would begin, perhaps through another connection.</summary>
    public Index Again(IMongoDatabase? through = null, LeaseTerms? terms = null) =>
        new(through ?? database, node, truth, Settings, terms);

    public async Task EnsureIndexesAsync()
    {
        await Ownership.EnsureIndexesAsync(default);
        await Feed.EnsureIndexesAsync(default);
    }

    public Task StartAsync() => loop.StartAsync(default);

    public Task StopAsync() => loop.StopAsync(default);

    /// <summary>Reads until the checkpoint is at the head, and announces what came of it.</summary>
    public async Task CatchUpAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        do
        {
            deadline.Token.ThrowIfCancellationRequested();
            while (await RoundAsync())
            {
            }
        }
        while (!await IsAtHeadAsync());

        while (await AnnounceAsync())
        {
        }
    }

    public async Task<bool> IsAtHeadAsync() => (await Checkpoints.ReadAsync(default)).Hash
        == (await truth.GetBlockAsync(BlockTag.Latest, default))!.Hash.ToString();

    public async Task<bool> RoundAsync() => await WorkAsync(loop, await LeaseAsync("index"), default);

    public async Task<bool> AnnounceAsync() => await WorkAsync(announcing, await LeaseAsync("announce"), default);

    public async Task<long> ReorganisationsAsync() => (await Checkpoints.ReadAsync(default)).Reorganisations;

    /// <summary>The whole feed as readers may see it.</summary>
    public async Task<IReadOnlyList<FeedEntry>> EntriesAsync() =>
        await Feed.AfterAsync(0, (await Checkpoints.ReadAsync(default)).Sequence, int.MaxValue, default);

    /// <summary>What is remembered is what the chain says, no more and no less.</summary>
    public async Task AssertEqualsTheChainAsync(params Address[] collections)
    {
        var logs = collections.Length == 0 ? [] : await truth.GetLogsAsync(
            new LogFilter
            {
                Addresses = [.. collections],
                Topics = [[CampaignCollection.Events.Transfer.Topic]],
                FromBlock = (ulong)Settings.FromBlock,
            },
            default);
        var tokens = logs
            .Select(log => (Log: log, Transfer: log.As<CampaignCollection.Events.Transfer>()!))
            .GroupBy(each => (each.Log.Address, each.Transfer.TokenId))
            .ToList();
        var at = await Checkpoints.ReadAsync(default);

        foreach (var token in tokens)
        {
            var key = Transfer.TokenKey(token.Key.Address.ToString(), token.Key.TokenId);
            Assert.Equal(
                token.Select(each => (each.Transfer.From.ToString(), each.Transfer.To.ToString(), each.Log.BlockHash.ToString(), (long)each.Log.LogIndex)),
                (await Feed.HistoryAsync(key, at.Sequence, default)).Select(each => each.Transfer!)
                    .Select(each => (each.From, each.To, each.BlockHash, each.LogIndex)));
            Assert.Equal(
                await OwnerOnChainAsync(token.Key.Address, token.Key.TokenId),
                (await Ownership.FindAsync(key, default))!.Owner);
        }

        Assert.Equal(tokens.Count, await Ownership.CountAsync(null, default));
        Assert.Equal(
            collections.Select(collection => collection.ToString()).Order(),
            (await Collections.ListAsync(at, default)).Select(collection => collection.Id).Order());
        await AssertFeedIsWholeAsync(logs);
    }

    public void Dispose()
    {
        loop.Dispose();
        announcing.Dispose();
    }

    /// <summary>No gap, each reversal takes back the newest that stands, and what stands are the chain's logs in order.</summary>
    private async Task AssertFeedIsWholeAsync(IReadOnlyList<Log> logs)
    {
        var entries = await EntriesAsync();
        var standing = new Stack<FeedEntry>();
        Assert.Equal(Enumerable.Range(1, entries.Count).Select(each => (long)each), entries.Select(each => each.Id));
        Assert.Equal(entries.Count, entries.Select(each => each.EventId).Distinct().Count());
        foreach (var entry in entries.Where(each => each.Kind == FeedKind.Transferred))
        {
            if (entry.IsTransfer)
            {
                standing.Push(entry);
                continue;
            }

            var taken = standing.Pop();
            Assert.Equal((taken.Id, taken.EventId), (entry.Reverts!.Value, entry.RevertedEventId));
            Assert.Equal((taken.Transfer!.From, taken.Transfer.To), (entry.Transfer!.To, entry.Transfer.From));
        }

        Assert.Equal(
            logs.Select(log => (log.BlockHash.ToString(), (long)log.LogIndex)),
            standing.Reverse().Select(each => (each.BlockHash, each.Transfer!.LogIndex)));
    }

    /// <summary>Taken from whoever has it: what is safe must be so without the lease.</summary>
    private async Task<Lease> LeaseAsync(string name)
    {
        while (true)
        {
            if (await leases.TryTakeAsync(name, default) is { } lease)
            {
                return lease;
            }
        }
    }

    private async Task<string> OwnerOnChainAsync(Address collection, BigInteger token)
    {
        try
        {
            return (await truth.CallAsync(collection, CampaignCollection.OwnerOf(token), BlockTag.Latest, default)).ToString();
        }
        catch (ContractRevertedException)
        {
            return Address.Zero.ToString(); // burnt
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "WorkAsync")]
    private static extern Task<bool> WorkAsync(IndexChain loop, Lease lease, CancellationToken cancellation);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "WorkAsync")]
    private static extern Task<bool> WorkAsync(AnnounceTransfers loop, Lease lease, CancellationToken cancellation);
}

/// <summary>Keeps what is announced, in order.</summary>
internal sealed class Announcements : IAnnouncer
{
    private readonly ConcurrentQueue<TokenTransferred> transfers = new();

    /// <summary>How many more announcements the process lives to make.</summary>
    public int Left { get; set; } = int.MaxValue;

    public IReadOnlyList<TokenTransferred> Transfers => [.. transfers];

    public Task AnnounceAsync(object message, Guid messageId, string? traceParent, CancellationToken cancellation)
    {
        if (Left-- <= 0)
        {
            throw new CrashException();
        }

        transfers.Enqueue((TokenTransferred)message);
        return Task.CompletedTask;
    }
}

internal sealed class CrashException : Exception;
