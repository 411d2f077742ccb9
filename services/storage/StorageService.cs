using MassTransit;
using Platform.Grpc.Campaigns;
using Platform.Hosting;

namespace Platform.Storage;

/// <summary>Keeps assets on the content network: hears approvals, announces addresses, writes metadata.</summary>
public sealed class StorageService : IPlatformService
{
    public string Name => "storage";

    public void Register(IHostApplicationBuilder host)
    {
        host.Services.AddPlatformClient<Campaigns.CampaignsClient>(options => options.CampaignsAddress);
        host.Services.AddSingleton<CampaignVersions>();
        host.Services.AddSingleton<BlockIndex>();
        host.Services.AddSingleton<IContentNetwork, LocalContentNetwork>();
        host.Services.AddSingleton<PinnedAssets>();
        host.Services.AddSingleton<AssetPinner>();
        host.Services.AddSingleton<PinnedBatches>();
    }

    public void Subscribe(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<PinApprovedAsset, PinApprovedAsset.Endpoint>();
        bus.AddConsumer<PinBatchMetadata, PinBatchMetadata.Endpoint>();
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<StorageQueriesService>();
        endpoints.MapGateway();
    }
}
