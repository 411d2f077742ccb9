using Grpc.Core;
using MassTransit;
using Platform.Chain;
using Platform.Events;
using Platform.Grpc.Campaigns;

namespace Platform.Storage;

/// <summary>Writes a mint batch's custody records and token metadata, pins and announces both directories.</summary>
/// <remarks>
/// May run twice for one message and must not matter: the files are pure functions of kept facts, so a repeat makes the
/// same addresses; a known batch is only announced again.
/// </remarks>
internal sealed partial class PinBatchMetadata(
    PinnedAssets pinned,
    PinnedBatches batches,
    CampaignVersions versions,
    IContentNetwork network,
    TimeProvider clock,
    ILogger<PinBatchMetadata> logger) : IConsumer<MetadataPinRequested>
{
    public async Task Consume(ConsumeContext<MetadataPinRequested> context)
    {
        var requested = context.Message;
        var cancellation = context.CancellationToken;
        try
        {
            var batch = await batches.FindAsync(requested.BatchId, cancellation)
                ?? await PinAsync(requested, cancellation);
            await context.Publish(batch.ToEvent(), cancellation);
        }
        catch (UnfitMembersException unfit)
        {
            LogUnfit(requested.BatchId, unfit.Message);
            await context.Publish(
                new MetadataPinFailed
                {
                    BatchId = requested.BatchId,
                    Campaign = requested.Campaign,
                    AssetIds = unfit.Members,
                    Reason = unfit.Message,
                },
                cancellation);
        }
    }

    private async Task<PinnedBatch> PinAsync(MetadataPinRequested requested, CancellationToken cancellation)
    {
        var directories = BatchDirectories.Of(await GatherAsync(requested, cancellation));
        var custody = await network.StageAsync(directories.Custody.ImportAsync, cancellation);
        var metadata = await network.StageAsync(directories.Metadata.ImportAsync, cancellation);
        await network.PinAsync([custody, metadata], cancellation);
        await network.ReadBackAsync(custody.Root.Cid, cancellation);
        await network.ReadBackAsync(metadata.Root.Cid, cancellation);

        LogPinned(requested.BatchId, requested.AssetIds.Count, metadata.Root.Cid, custody.Root.Cid);
        return await batches.AddAsync(PinnedBatch.From(requested, directories, clock.GetUtcNow()), cancellation);
    }

    private async Task<BatchFacts> GatherAsync(MetadataPinRequested requested, CancellationToken cancellation)
    {
        if (!Hash32.TryParse(requested.BatchId, out var batchId) || batchId.ToString() != requested.BatchId)
        {
            throw new UnfitMembersException(
                requested.AssetIds, $"'{requested.BatchId}' is no batch id: 0x and 64 lower-case hex digits.");
        }

        if (requested.AssetIds.Count == 0)
        {
            throw new UnfitMembersException([], "The batch has no members.");
        }

        var pins = await pinned.FindAsync(requested.AssetIds.ToHashSet(), cancellation);
        var strangers = requested.AssetIds.Where(id => !pins.ContainsKey(id));
        Refuse(requested, strangers, "not pinned");
        var others = requested.AssetIds.Where(id => pins[id].Campaign != requested.Campaign);
        Refuse(requested, others, "of another campaign");
        var twice = requested.AssetIds.CountBy(id => id).Where(each => each.Value > 1).Select(each => each.Key);
        Refuse(requested, twice, "in it twice");

        List<PinnedAsset> members = [.. requested.AssetIds.Select(id => pins[id])];
        return new BatchFacts(requested.BatchId, members, await DefinitionsAsync(requested, members, cancellation));
    }

    private async Task<Dictionary<int, CampaignDefinition>> DefinitionsAsync(
        MetadataPinRequested requested, List<PinnedAsset> members, CancellationToken cancellation)
    {
        var definitions = new Dictionary<int, CampaignDefinition>();
        foreach (var version in members.Select(pin => pin.CampaignVersion).Distinct())
        {
            try
            {
                definitions[version] = await versions.GetAsync(requested.Campaign, version, cancellation);
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound)
            {
                Refuse(
                    requested,
                    members.Where(pin => pin.CampaignVersion == version).Select(pin => pin.Id),
                    $"of version {version}, which campaigns does not know");
            }
        }

        return definitions;
    }

    private static void Refuse(MetadataPinRequested requested, IEnumerable<Guid> members, string what)
    {
        List<Guid> unfit = [.. members];
        if (unfit.Count > 0)
        {
            throw new UnfitMembersException(
                unfit,
                $"Of batch {requested.BatchId}, {unfit.Count} of {requested.AssetIds.Count} members are {what}.");
        }
    }

    [LoggerMessage(
        1, LogLevel.Information, "Pinned batch {BatchId} of {Count}: metadata {Metadata}, custody {Custody}")]
    private partial void LogPinned(string batchId, int count, Content.Cid metadata, Content.Cid custody);

    [LoggerMessage(2, LogLevel.Error, "Batch {BatchId} cannot be described: {Reason}")]
    private partial void LogUnfit(string batchId, string reason);

    internal sealed class Endpoint : ConsumerDefinition<PinBatchMetadata>
    {
        public Endpoint()
        {
            EndpointName = "storage.pin-batch-metadata";
            ConcurrentMessageLimit = 4; // a batch's files are in memory while they are written
        }

        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpoint,
            IConsumerConfigurator<PinBatchMetadata> consumer,
            IRegistrationContext context) =>
            endpoint.UseMessageRetry(retry => retry
                .Exponential(5, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(2))
                .Handle<ContentNetworkUnavailableException>());
    }
}
