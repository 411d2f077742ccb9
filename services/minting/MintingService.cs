using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Grpc.Campaigns;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Minting;

/// <summary>Mints pinned assets in batches: alone holds the signer, and knows each transaction before the chain does.</summary>
public sealed class MintingService : IPlatformService
{
    public string Name => "minting";

    public void Register(IHostApplicationBuilder host)
    {
        host.Services.AddOptions<MintingOptions>().BindConfiguration(MintingOptions.Section).ValidateOnStart();
        host.Services.AddSingleton<IValidateOptions<MintingOptions>, MintingOptionsValidator>();
        host.Services.AddPlatformClient<Campaigns.CampaignsClient>(platform => platform.CampaignsAddress);
        host.Services.AddSingleton<CampaignVersions>();
        host.Services.AddSingleton<IEthereum>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<MintingOptions>>().Value;
            return new EthereumClient(new JsonRpcClient(
                provider.GetRequiredService<IHttpClientFactory>().CreateClient(),
                options.Rpc,
                new() { Timeout = TimeSpan.FromSeconds(options.RpcTimeoutSeconds) }));
        });
        host.Services.AddSingleton<Signer>();
        host.Services.AddSingleton<MintOrders>();
        host.Services.AddSingleton<MintBatches>();
        host.Services.AddSingleton<Collections>();
        host.Services.AddSingleton<Transactions>();
        host.Services.AddSingleton<IIndexed>(provider => provider.GetRequiredService<MintOrders>());
        host.Services.AddSingleton<IIndexed>(provider => provider.GetRequiredService<MintBatches>());
        host.Services.AddSingleton<IIndexed>(provider => provider.GetRequiredService<Transactions>());
        host.Services.AddSingleton<IRelayed>(provider => provider.GetRequiredService<MintBatches>().Documents);
        host.Services.AddSingleton<Mint>();
        host.Services.AddSingleton<ConfirmBatches>();
        host.Services.AddSingleton<FollowNonces>();
        host.Services.AddSingleton<NextTransaction>();
        host.Services.AddSingleton<SendTransactions>();
        host.Services.AddHostedService<SealBatches>();
        host.Services.AddHostedService<SignAndSend>();
    }

    public void Subscribe(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<OrderMint, OrderMint.Endpoint>();
        bus.AddConsumer<PrepareBatch, PrepareBatch.Endpoint>();
    }

    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGrpcService<MintingQueriesService>();
}
