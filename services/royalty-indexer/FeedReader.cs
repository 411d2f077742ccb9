using System.Globalization;
using Platform.Grpc.RoyaltyIndexer;

namespace Platform.RoyaltyIndexer;

/// <summary>Whom the feed is read for.</summary>
internal sealed record FeedFilter
{
    /// <summary>EIP-55 address of a collection.</summary>
    public string? Contract { get; init; }

    /// <summary>EIP-55 address of who gave or got.</summary>
    public string? Owner { get; init; }

    /// <summary>Whether to wait until an entry is final, and to leave out what never was.</summary>
    public bool FinalOnly { get; init; }

    public bool Takes(FeedEntry entry) => entry.Transfer is not { } moved
        || ((Contract is null || moved.Contract == Contract) && (Owner is null || moved.From == Owner || moved.To == Owner));
}

/// <summary>A stretch of the feed, as far as it may be read.</summary>
internal sealed record FeedPage
{
    public required IReadOnlyList<FeedEvent> Events { get; init; }

    /// <summary>The last entry that was looked at, whether it was for the reader or not.</summary>
    public required long Next { get; init; }

    /// <summary>Opaque, for <see cref="Next"/>; null where nothing was looked at.</summary>
    public string? Cursor { get; init; }

    public required Checkpoint At { get; init; }
}

/// <summary>Reads the feed for those outside: what was written for good, with what is known now of its finality.</summary>
internal sealed class FeedReader(Checkpoints checkpoints, Feed feed)
{
    public async Task<FeedPage> ReadAsync(long after, int limit, FeedFilter filter, CancellationToken cancellation)
    {
        var at = await checkpoints.ReadAsync(cancellation);
        var entries = await feed.AfterAsync(after, at.Sequence, limit, cancellation);
        var reversals = entries.Count == 0
            ? new Dictionary<long, FeedEntry>()
            : await feed.ReversalsAsync(
                entries.Where(each => each.IsTransfer).Select(each => each.Id), at.Sequence, cancellation);
        var events = new List<FeedEvent>();
        FeedEntry? last = null;
        foreach (var entry in entries)
        {
            var isFinal = IsFinal(entry, reversals.GetValueOrDefault(entry.Id), at);
            if (filter.FinalOnly && !isFinal && entry.IsTransfer && !reversals.ContainsKey(entry.Id))
            {
                break; // Its finality is to come, and what follows must not overtake it.
            }

            last = entry;
            if ((isFinal || !filter.FinalOnly) && filter.Takes(entry))
            {
                events.Add(ToEvent(entry, isFinal));
            }
        }

        return new() { Events = events, Next = last?.Id ?? after, Cursor = last is null ? null : CursorOf(last), At = at };
    }

    /// <summary>The sequence number that a cursor names.</summary>
    /// <exception cref="ForeignCursorException">It is no cursor, or not one of this feed.</exception>
    public async Task<long> ParseCursorAsync(string cursor, CancellationToken cancellation)
    {
        if (cursor.Length == 0)
        {
            return 0;
        }

        var parts = cursor.Split('-');
        if (parts.Length > 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
        {
            throw new ForeignCursorException($"'{cursor}' is not a cursor: send the one of an event, or a sequence number.");
        }

        var latest = (await checkpoints.ReadAsync(cancellation)).Sequence;
        if (sequence > latest)
        {
            throw new ForeignCursorException($"Cursor '{cursor}' is past this feed's end, {latest}: it is another feed's. Begin anew.");
        }

        if (parts.Length == 2 && sequence > 0
            && await feed.FindAsync(sequence, cancellation) is { } entry && CursorOf(entry) != cursor)
        {
            throw new ForeignCursorException(
                $"Cursor '{cursor}' is of another feed: here, entry {sequence} is of block {entry.BlockHash}. Begin anew.");
        }

        return sequence;
    }

    /// <summary>Whether nothing can take the entry back any more; of one that was taken back, whether it had been so.</summary>
    private static bool IsFinal(FeedEntry entry, FeedEntry? reversal, Checkpoint at) => entry switch
    {
        { Kind: FeedKind.Finalised } => true,
        { IsTransfer: true } => reversal?.RevertsFinal ?? entry.BlockNumber <= at.Finalised,
        _ => entry.RevertsFinal,
    };

    private static string CursorOf(FeedEntry entry) =>
        string.Create(CultureInfo.InvariantCulture, $"{entry.Id}-{entry.BlockHash.AsSpan(2, 16)}");

    private static FeedEvent ToEvent(FeedEntry entry, bool isFinal)
    {
        var chain = string.Create(CultureInfo.InvariantCulture, $"eip155:{entry.ChainId}");
        var told = new FeedEvent
        {
            Specversion = "1.0",
            Id = entry.EventId,
            Source = $"/royalty-indexer/{chain}",
            Type = entry.Kind switch
            {
                FeedKind.Transferred => "imprimatur.token.transferred.v1",
                FeedKind.Reorganised => "imprimatur.chain.reorganised.v1",
                _ => "imprimatur.chain.finalised.v1",
            },
            Subject = entry.Transfer is { } token ? $"{chain}/erc721:{token.Contract}/{token.TokenId}" : chain,
            Time = entry.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
            Datacontenttype = "application/json",
            Sequence = entry.Id.ToString("D20", CultureInfo.InvariantCulture),
            Finality = isFinal ? "final" : "included",
            Blockhash = entry.BlockHash,
            Partitionkey = chain,
            Cursor = CursorOf(entry),
            Data = ToData(entry),
        };
        if (entry.RevertedEventId is { } reverted)
        {
            told.Reverts = reverted;
        }

        return told;
    }

    private static FeedData ToData(FeedEntry entry) => entry.Transfer is { } moved
        ? new()
        {
            ChainId = entry.ChainId,
            Contract = moved.Contract,
            TokenId = moved.TokenId,
            From = moved.From,
            To = moved.To,
            BlockNumber = moved.BlockNumber,
            LogIndex = (uint)moved.LogIndex,
            TransactionHash = moved.TransactionHash,
        }
        : new() { ChainId = entry.ChainId, FromBlock = entry.FromBlock!.Value, ToBlock = entry.BlockNumber };
}

/// <summary>A cursor that this feed did not give.</summary>
internal sealed class ForeignCursorException(string message) : Exception(message);
