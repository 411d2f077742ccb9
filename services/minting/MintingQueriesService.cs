using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Grpc.Minting;
using Platform.Hosting;

namespace Platform.Minting;

/// <summary>Answers for orders, batches, collections and the chain they are on.</summary>
[NeedsScope("assets:read")]
internal sealed class MintingQueriesService(
    MintOrders orders,
    MintBatches batches,
    Collections collections,
    Transactions transactions,
    NextTransaction next,
    Signer signer,
    IEthereum chain,
    IOptions<MintingOptions> options) : Platform.Grpc.Minting.Minting.MintingBase
{
    private const int DefaultPage = 500;
    private const int LargestPage = 1_000;

    public override async Task<Platform.Grpc.Minting.MintOrder> GetOrder(GetOrderRequest request, ServerCallContext context)
    {
        if (!Guid.TryParse(request.AssetId, out var assetId))
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "asset_id: send an asset id, a UUID."));
        }

        var found = await orders.FindAsync([assetId], context.CancellationToken);
        return found.TryGetValue(assetId, out var order)
            ? ToMessage(order)
            : throw new RpcException(new Status(StatusCode.NotFound, $"No token was ordered for asset {assetId}."));
    }

    public override async Task<ListOrdersResponse> ListOrders(ListOrdersRequest request, ServerCallContext context)
    {
        var after = request.After.Length == 0 ? (Guid?)null
            : Guid.TryParse(request.After, out var id) ? id
            : throw new RpcException(new Status(StatusCode.InvalidArgument, "after: send an asset id, a UUID."));
        var limit = request.Limit == 0 ? DefaultPage : Math.Clamp(request.Limit, 1, LargestPage);
        var response = new ListOrdersResponse();
        response.Orders.AddRange((await orders.ListAsync(after, limit, context.CancellationToken)).Select(ToMessage));
        return response;
    }

    public override async Task<CollectionInfo> GetCollection(GetCollectionRequest request, ServerCallContext context)
    {
        var collection = await collections.FindAsync(request.Campaign, context.CancellationToken)
            ?? throw new RpcException(new Status(StatusCode.NotFound, $"Campaign '{request.Campaign}' has no collection yet."));
        return new CollectionInfo
        {
            Campaign = collection.Id,
            Contract = collection.Contract,
            Factory = collection.Factory,
            ChainId = collection.ChainId,
            Creator = collection.Creator,
        };
    }

    public override async Task<ListBatchesResponse> ListBatches(ListBatchesRequest request, ServerCallContext context)
    {
        var response = new ListBatchesResponse();
        foreach (var (id, batch) in await batches.OfCampaignAsync(request.Campaign, context.CancellationToken))
        {
            response.Batches.Add(ToMessage(id, batch));
        }

        return response;
    }

    public override async Task<ChainInfo> GetChain(GetChainRequest request, ServerCallContext context) => new()
    {
        ChainId = (long)await chain.ChainIdAsync(context.CancellationToken),
        Factory = next.Factory.ToString(),
        Signer = signer.Address.ToString(),
        Transactions = await transactions.CountAsync(Purpose.MintBatch, context.CancellationToken),
        Confirmations = options.Value.Confirmations,
        LingerMs = options.Value.LingerMilliseconds,
    };

    private static Platform.Grpc.Minting.MintOrder ToMessage(MintOrder order) => new()
    {
        AssetId = order.Id.ToString(),
        Campaign = order.Campaign,
        Recipient = order.Recipient,
        State = order.State.ToString().ToLowerInvariant(),
        BatchId = order.BatchId ?? "",
    };

    private static Batch ToMessage(string id, MintBatch batch)
    {
        var message = new Batch
        {
            BatchId = id,
            State = batch.GetType().Name,
            Tokens = batch.Seal.Members?.Count ?? 0,
            SealedAt = batch.Seal.SealedAt.ToTimestamp(),
        };
        var (directories, number, hash, inclusion) = batch switch
        {
            MintBatch.Pinned pinned => (pinned.Directories, (long?)null, null, null),
            MintBatch.Signed signed => (signed.Directories, signed.Number, signed.TransactionHash, null),
            MintBatch.Included included => (included.Directories, included.Number, included.TransactionHash, included.Inclusion),
            MintBatch.Final final => (final.Directories, final.Number, final.TransactionHash, final.Inclusion),
            _ => ((BatchDirectories?)null, (long?)null, (string?)null, (BatchInclusion?)null),
        };
        message.MetadataCid = directories?.MetadataCid ?? "";
        message.CustodyCid = directories?.CustodyCid ?? "";
        message.CustodyRoot = directories?.CustodyRoot ?? "";
        message.Number = number ?? -1;
        message.TransactionHash = hash ?? "";
        message.GasUsed = inclusion?.GasUsed ?? 0;
        message.BlockNumber = inclusion?.BlockNumber ?? 0;
        return message;
    }
}
