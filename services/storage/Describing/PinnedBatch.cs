using MongoDB.Driver;
using Platform.Events;
using Platform.Mongo;

namespace Platform.Storage;

/// <summary>A mint batch whose directories are on the content network.</summary>
internal sealed record PinnedBatch
{
    /// <summary>The batch id: 0x and 64 lower-case hex digits.</summary>
    public required string Id { get; init; }

    public required string Campaign { get; init; }

    public required string MetadataCid { get; init; }

    public required string CustodyCid { get; init; }

    public required string CustodyRoot { get; init; }

    public required DateTimeOffset PinnedAt { get; init; }

    public static PinnedBatch From(
        MetadataPinRequested requested, BatchDirectories directories, DateTimeOffset now) => new()
    {
        Id = requested.BatchId,
        Campaign = requested.Campaign,
        MetadataCid = directories.Metadata.Root.Cid.ToString(),
        CustodyCid = directories.Custody.Root.Cid.ToString(),
        CustodyRoot = directories.CustodyRoot.ToString(),
        PinnedAt = now.WholeMilliseconds,
    };

    public MetadataPinned ToEvent() => new()
    {
        BatchId = Id,
        Campaign = Campaign,
        MetadataCid = MetadataCid,
        CustodyCid = CustodyCid,
        CustodyRoot = CustodyRoot,
        PinnedAt = PinnedAt,
    };
}

/// <summary>Remembers which batches' directories are pinned.</summary>
internal sealed class PinnedBatches(ServiceDatabase<StorageService> database)
{
    private readonly IMongoCollection<PinnedBatch> directories = database.Collection<PinnedBatch>("directories");

    public async Task<PinnedBatch?> FindAsync(string batchId, CancellationToken cancellation) =>
        await directories.Find(batch => batch.Id == batchId).FirstOrDefaultAsync(cancellation);

    /// <summary>Records once; where another consumer was first, answers its record.</summary>
    public async Task<PinnedBatch> AddAsync(PinnedBatch batch, CancellationToken cancellation)
    {
        try
        {
            await directories.InsertOneAsync(batch, cancellationToken: cancellation);
            return batch;
        }
        catch (MongoWriteException exception) when (exception.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            return (await FindAsync(batch.Id, cancellation))!;
        }
    }
}
