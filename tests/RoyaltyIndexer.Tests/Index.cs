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
    private readonly IEthereum chain;
    private readonly long from;
    private readonly IndexChain loop;

    private Index(IMongoDatabase database, IEthereum chain, long from, int blocksAtATime)
    {
        this.database = database;
        this.chain = chain;
        this.from = from;
        var options = Options.Create(new RoyaltyIndexerOptions { FromBlock = from, BlocksAtATime = blocksAtATime });
        var service = new ServiceDatabase<RoyaltyIndexerService>(database);
        Blocks = new(service);
        Ownership = new(service);
        loop = new(chain, Blocks, Ownership, new(chain, Blocks, options), Announced, options, TimeProvider.System,
            NullLogger<IndexChain>.Instance);
    }

    public IndexedBlocks Blocks { get; }

    public Ownership Ownership { get; }

    public Announcements Announced { get; } = new();

    /// <summary>Begins at the chain's next block.</summary>
    public static async Task<Index> OpenAsync(IMongoDatabase database, Anvil anvil, int blocksAtATime = 200) =>
        await OpenAsync(database, anvil.Chain, (long)await anvil.Chain.BlockNumberAsync(default) + 1, blocksAtATime);

    public Task<Index> AgainAsync() => OpenAsync(database, chain, from, 200);

    /// <summary>Reads until the cursor is at the head.</summary>
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
        while ((await Blocks.NewestAsync(default))?.Hash != (await chain.GetBlockAsync(BlockTag.Latest, default))!.Hash.ToString());
    }

    public Task<bool> RoundAsync() => WorkAsync(loop, default);

    /// <summary>As a crash before the cursor was written would leave it.</summary>
    public Task ForgetTheCursorAsync() => database.GetCollection<BsonDocument>("blocks").DeleteManyAsync("{}");

    public IMongoCollection<BsonDocument> Raw(string name) => database.GetCollection<BsonDocument>(name);

    /// <summary>What is remembered is what the chain says, no more and no less.</summary>
    public async Task AssertEqualsTheChainAsync(params Address[] collections)
    {
        var logs = collections.Length == 0 ? [] : await chain.GetLogsAsync(
            new LogFilter
            {
                Addresses = [.. collections],
                Topics = [[CampaignCollection.Events.Transfer.Topic]],
                FromBlock = (ulong)from,
            },
            default);
        var tokens = logs
            .Select(log => (Log: log, Transfer: log.As<CampaignCollection.Events.Transfer>()!))
            .GroupBy(each => (each.Log.Address, each.Transfer.TokenId))
            .ToList();

        foreach (var token in tokens)
        {
            var key = Transfer.TokenKey(token.Key.Address.ToString(), token.Key.TokenId);
            Assert.Equal(
                token.Select(each => (each.Transfer.From.ToString(), each.Transfer.To.ToString(), each.Log.BlockHash.ToString(), (long)each.Log.LogIndex)),
                (await Ownership.HistoryAsync(key, default)).Select(each => (each.From, each.To, each.BlockHash, each.LogIndex)));
            Assert.Equal(
                await OwnerOnChainAsync(token.Key.Address, token.Key.TokenId),
                (await Ownership.FindAsync(key, default))!.Owner);
        }

        Assert.Equal(logs.Count, await Raw("transfers").CountDocumentsAsync("{}"));
        Assert.Equal(tokens.Count, await Raw("holdings").CountDocumentsAsync("{}"));
        Assert.Equal(
            collections.Select(collection => collection.ToString()).Order(),
            (await Blocks.CollectionsAsync(default)).Select(collection => collection.Id).Order());
    }

    public void Dispose() => loop.Dispose();

    private static async Task<Index> OpenAsync(IMongoDatabase database, IEthereum chain, long from, int blocksAtATime)
    {
        var index = new Index(database, chain, from, blocksAtATime);
        await index.Ownership.EnsureIndexesAsync(default);
        return index;
    }

    private async Task<string> OwnerOnChainAsync(Address collection, BigInteger token)
    {
        try
        {
            return (await chain.CallAsync(collection, CampaignCollection.OwnerOf(token), BlockTag.Latest, default)).ToString();
        }
        catch (ContractRevertedException)
        {
            return Address.Zero.ToString(); // burnt
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "WorkAsync")]
    private static extern Task<bool> WorkAsync(IndexChain loop, CancellationToken cancellation);
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
