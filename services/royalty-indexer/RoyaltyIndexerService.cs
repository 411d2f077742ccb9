using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.RoyaltyIndexer;

/// <summary>Reads the chain's own logs, block by block, and knows from them who holds what.</summary>
public sealed class RoyaltyIndexerService : IPlatformService
{
    public string Name => "royalty-indexer";

    public void Register(IHostApplicationBuilder host)
    {
        host.Services.AddOptions<RoyaltyIndexerOptions>().BindConfiguration(RoyaltyIndexerOptions.Section).ValidateOnStart();
        host.Services.AddSingleton<IValidateOptions<RoyaltyIndexerOptions>, RoyaltyIndexerOptionsValidator>();
        host.Services.AddKeyedSingleton<IEthereum>(Name, (provider, _) => new EthereumClient(new JsonRpcClient(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(),
            provider.GetRequiredService<IOptions<RoyaltyIndexerOptions>>().Value.Rpc)));
        host.Services.AddSingleton<Checkpoints>();
        host.Services.AddSingleton<IndexedBlocks>();
        host.Services.AddSingleton<FollowedCollections>();
        host.Services.AddSingleton<Feed>();
        host.Services.AddSingleton<IIndexed>(provider => provider.GetRequiredService<Feed>());
        host.Services.AddSingleton<FeedReader>();
        host.Services.AddSingleton<Deliveries>();
        host.Services.AddSingleton<IndexView>();
        host.Services.AddSingleton<Ownership>();
        host.Services.AddSingleton<IIndexed>(provider => provider.GetRequiredService<Ownership>());
        host.Services.AddSingleton<ReadLogs>();
        host.Services.AddHostedService<IndexChain>();
        host.Services.AddHostedService<AnnounceTransfers>();
        if (host.Configuration.GetSection(PlatformOptions.Section).Get<PlatformOptions>()?.Bus == "rabbitmq")
        {
            host.Services.AddHostedService<PublishFeed>();
        }
    }

    /// <summary>The chain is its only source: nothing is heard from the bus.</summary>
    public void Subscribe(IBusRegistrationConfigurator bus)
    {
    }

    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGrpcService<RoyaltyIndexerQueriesService>();
}
