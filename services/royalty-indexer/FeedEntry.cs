using System.Globalization;

namespace Platform.RoyaltyIndexer;

/// <summary>What an entry of the feed tells.</summary>
internal enum FeedKind
{
    Transferred,
    Reorganised,
    Finalised,
}

/// <summary>One entry of the token feed; once the checkpoint has passed it, it never changes.</summary>
internal sealed record FeedEntry
{
    /// <summary>Sequence number: from 1, without a gap.</summary>
    public required long Id { get; init; }

    /// <summary>The step that wrote it.</summary>
    public required long Attempt { get; init; }

    public required FeedKind Kind { get; init; }

    public required long ChainId { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>The transfer's block; of a range, the last.</summary>
    public required long BlockNumber { get; init; }

    public required string BlockHash { get; init; }

    /// <summary>The first block of a range.</summary>
    public long? FromBlock { get; init; }

    /// <summary>What moved; in an entry that takes back, what had moved, the other way round.</summary>
    public Transfer? Transfer { get; init; }

    /// <summary>The sequence number of the entry that this one takes back.</summary>
    public long? Reverts { get; init; }

    /// <summary>Whether it takes back what had been said final, which only a chain that may be cut off can do.</summary>
    public bool RevertsFinal { get; init; }

    public bool IsTransfer => Kind == FeedKind.Transferred && Reverts is null;

    public string EventId => IdOf(Id);

    public string? RevertedEventId => Reverts is { } reverted ? IdOf(reverted) : null;

    public static FeedEntry Of(Transfer transfer, DateTimeOffset blockTime, Checkpoint step, long sequence) => new()
    {
        Id = sequence,
        Attempt = step.Attempt,
        Kind = FeedKind.Transferred,
        ChainId = step.ChainId,
        Time = blockTime,
        BlockNumber = transfer.BlockNumber,
        BlockHash = transfer.BlockHash,
        Transfer = transfer,
    };

    /// <summary>The entry that takes this one back.</summary>
    public FeedEntry TakeBack(Checkpoint step, long sequence, DateTimeOffset now) => this with
    {
        Id = sequence,
        Attempt = step.Attempt,
        Time = now,
        Transfer = Transfer! with { From = Transfer.To, To = Transfer.From },
        Reverts = Id,
        RevertsFinal = BlockNumber <= step.Finalised,
    };

    public static FeedEntry Range(
        FeedKind kind, Checkpoint step, long sequence, long from, long to, string hash, DateTimeOffset now) => new()
        {
            Id = sequence,
            Attempt = step.Attempt,
            Kind = kind,
            ChainId = step.ChainId,
            Time = now,
            BlockNumber = to,
            BlockHash = hash,
            FromBlock = from,
            RevertsFinal = kind == FeedKind.Reorganised && from <= step.Finalised,
        };

    // The sequence alone would name other facts once a lost database was filled again; block and log make it theirs.
    private string IdOf(long sequence) => string.Create(
        CultureInfo.InvariantCulture, $"{BlockHash}/{(Transfer is { } moved ? $"{moved.LogIndex}/" : "")}{sequence}");
}
