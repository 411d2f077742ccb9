using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Platform.Grpc.Storage;

namespace Platform.Storage;

/// <summary>Answers where assets and batches live.</summary>
internal sealed class StorageQueriesService(PinnedAssets pinned, PinnedBatches batches)
    : Platform.Grpc.Storage.Storage.StorageBase
{
    public override async Task<Pin> GetPin(GetPinRequest request, ServerCallContext context)
    {
        if (!Guid.TryParse(request.AssetId, out var assetId))
        {
            throw Refuse(StatusCode.InvalidArgument, "asset_id: Send an asset id, a UUID.");
        }

        var pin = await pinned.FindAsync(assetId, context.CancellationToken)
            ?? throw Refuse(StatusCode.NotFound, $"No asset {assetId} is pinned.");
        return new Pin
        {
            AssetId = pin.Id.ToString(),
            Iteration = pin.Iteration,
            Campaign = pin.Campaign,
            Content = pin.Content,
            Cid = pin.Cid,
            Size = pin.Size,
            PinnedAt = pin.PinnedAt.ToTimestamp(),
        };
    }

    public override async Task<Directories> GetDirectories(GetDirectoriesRequest request, ServerCallContext context)
    {
        var batch = await batches.FindAsync(request.BatchId, context.CancellationToken)
            ?? throw Refuse(StatusCode.NotFound, $"No directories of a batch '{request.BatchId}' are pinned.");
        return new Directories
        {
            BatchId = batch.Id,
            MetadataCid = batch.MetadataCid,
            CustodyCid = batch.CustodyCid,
            CustodyRoot = batch.CustodyRoot,
            PinnedAt = batch.PinnedAt.ToTimestamp(),
        };
    }

    private static RpcException Refuse(StatusCode code, string reason) => new(new Status(code, reason));
}
