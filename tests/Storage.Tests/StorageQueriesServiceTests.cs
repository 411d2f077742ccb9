using Grpc.Core;
using Platform.Content;
using Platform.Events;
using Platform.Grpc.Storage;
using static Platform.Storage.Tests.Situations;

namespace Platform.Storage.Tests;

public sealed class StorageQueriesServiceTests(StorageHost host)
{
    private readonly Grpc.Storage.Storage.StorageClient client = host.Get<Grpc.Storage.Storage.StorageClient>();

    [Fact]
    public async Task Answers_where_an_asset_and_its_batch_live()
    {
        var approved = AnApproval();
        await host.Get<IContentStore>().PutAsync(APicture(approved.AssetId), default);
        await host.DeliverAsync(approved);
        var requested = new MetadataPinRequested
        {
            BatchId = ABatchId(approved.AssetId.ToString()), Campaign = Campaign, AssetIds = [approved.AssetId],
        };
        await host.DeliverAsync(requested);

        var pin = await client.GetPinAsync(new GetPinRequest { AssetId = approved.AssetId.ToString() });
        var directories = await client.GetDirectoriesAsync(new GetDirectoriesRequest { BatchId = requested.BatchId });

        var pinned = Assert.Single(host.Wire.Published<AssetPinned>(each => each.AssetId == approved.AssetId));
        Assert.Equal(
            (pinned.Cid, pinned.Size, pinned.Content, pinned.Campaign, pinned.PinnedAt),
            (pin.Cid, pin.Size, pin.Content, pin.Campaign, pin.PinnedAt.ToDateTimeOffset()));
        var batch = Assert.Single(host.Wire.Published<MetadataPinned>(each => each.BatchId == requested.BatchId));
        Assert.Equal(
            (batch.MetadataCid, batch.CustodyCid, batch.CustodyRoot, batch.PinnedAt),
            (directories.MetadataCid, directories.CustodyCid, directories.CustodyRoot, directories.PinnedAt.ToDateTimeOffset()));
    }

    [Fact]
    public async Task Says_what_it_does_not_know()
    {
        Assert.Equal(StatusCode.NotFound, await StatusOfAsync(client.GetPinAsync(new GetPinRequest { AssetId = AnId().ToString() })));
        Assert.Equal(StatusCode.InvalidArgument, await StatusOfAsync(client.GetPinAsync(new GetPinRequest { AssetId = "x" })));
        Assert.Equal(StatusCode.NotFound, await StatusOfAsync(client.GetDirectoriesAsync(new GetDirectoriesRequest { BatchId = "0x" })));
    }

    private static async Task<StatusCode> StatusOfAsync<T>(AsyncUnaryCall<T> call) =>
        (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode;
}
