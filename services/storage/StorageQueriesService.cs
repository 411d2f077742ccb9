using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Platform.Grpc.Storage;
using Platform.Hosting;

namespace Platform.Storage;

/// <summary>Answers where assets and batches live.</summary>
[NeedsScope("assets:read")]
internal sealed class StorageQueriesService(PinnedAssets pinned, PinnedBatches batches)
    : Platform.Grpc.Storage.Storage.StorageBase
{
    private const int DefaultPage = 500;
    private const int LargestPage = 1_000;

    public override async Task<Pin> GetPin(GetPinRequest request, ServerCallContext context)
    {
        if (!Guid.TryParse(request.AssetId, out var assetId))
        {
            throw Refuse(StatusCode.InvalidArgument, "asset_id: Send an asset id, a UUID.");
        }

        var pin = await pinned.FindAsync(assetId, context.CancellationToken)
            ?? throw Refuse(StatusCode.NotFound, $"No asset {assetId} is pinned.");
        return ToMessage(pin);
    }

    public override async Task<ListPinsResponse> ListPins(ListPinsRequest request, ServerCallContext context)
    {
        var after = request.After.Length == 0 ? (Guid?)null
            : Guid.TryParse(request.After, out var id) ? id
            : throw Refuse(StatusCode.InvalidArgument, "after: Send an asset id, a UUID.");
        var limit = request.Limit == 0 ? DefaultPage : Math.Clamp(request.Limit, 1, LargestPage);
        var response = new ListPinsResponse();
        response.Pins.AddRange((await pinned.ListAsync(after, limit, context.CancellationToken)).Select(ToMessage));
        return response;
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

    private static Pin ToMessage(PinnedAsset pin) => new()
    {
        AssetId = pin.Id.ToString(),
        Iteration = pin.Iteration,
        Campaign = pin.Campaign,
        Content = pin.Content,
        Cid = pin.Cid,
        Size = pin.Size,
        PinnedAt = pin.PinnedAt.ToTimestamp(),
    };

    private static RpcException Refuse(StatusCode code, string reason) => new(new Status(code, reason));
}
