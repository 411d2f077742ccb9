using MassTransit;
using Platform.Events;
using Platform.Mongo;

namespace Platform.Minting;

/// <summary>Makes a sealed batch ready to sign, or dissolves it when a member's metadata cannot be written.</summary>
/// <remarks>May run twice: only a sealed batch changes; what came of it is told by the batch itself.</remarks>
internal sealed partial class PrepareBatch(
    MintBatches batches, MintOrders orders, TimeProvider clock, ILogger<PrepareBatch> logger)
    : IConsumer<MetadataPinned>, IConsumer<MetadataPinFailed>
{
    public Task Consume(ConsumeContext<MetadataPinned> context)
    {
        var pinned = context.Message;
        return batches.Documents.DecideAsync(
            pinned.BatchId,
            current => new Decision<MintBatch>(current switch
            {
                MintBatch.Sealed batch => batch.Pin(new BatchDirectories
                {
                    MetadataCid = pinned.MetadataCid,
                    CustodyCid = pinned.CustodyCid,
                    CustodyRoot = pinned.CustodyRoot,
                }),
                null => throw new UnknownBatchException(pinned.BatchId),
                var further => further,
            }),
            context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<MetadataPinFailed> context)
    {
        var failed = context.Message;
        var state = await batches.Documents.DecideAsync(
            failed.BatchId,
            current => current switch
            {
                MintBatch.Sealed batch => new Decision<MintBatch>(
                    batch.Dissolve(failed.Reason), [.. failed.AssetIds.Select(assetId => ToFailure(assetId, failed))]),
                null => throw new UnknownBatchException(failed.BatchId),
                var further => new Decision<MintBatch>(further),
            },
            context.CancellationToken);

        if (state is MintBatch.Dissolved dissolved)
        {
            LogDissolved(failed.BatchId, dissolved.Released.Count, failed.AssetIds.Count, failed.Reason);
            await orders.RemoveAsync(failed.BatchId, failed.AssetIds, context.CancellationToken);
            await orders.QueueAgainAsync(
                failed.BatchId, dissolved.Released.Except(failed.AssetIds), context.CancellationToken);
        }
    }

    private MintFailed ToFailure(Guid assetId, MetadataPinFailed failed) => new()
    {
        AssetId = assetId,
        Campaign = failed.Campaign,
        Reason = failed.Reason,
        FailedAt = clock.GetUtcNow(),
    };

    [LoggerMessage(1, LogLevel.Warning, "Dissolved batch {BatchId} of {Members}: {Failed} cannot be minted, {Reason}")]
    private partial void LogDissolved(string batchId, int members, int failed, string reason);

    internal sealed class Endpoint : ConsumerDefinition<PrepareBatch>
    {
        public Endpoint() => EndpointName = "minting.prepare-batch";
    }
}

/// <summary>Somebody speaks of a batch that this service never sealed.</summary>
internal sealed class UnknownBatchException(string batchId) : Exception($"There is no batch {batchId}.");
