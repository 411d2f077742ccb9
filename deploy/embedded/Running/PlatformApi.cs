using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Client;
using Platform.Hosting;

namespace Platform.Embedded;

/// <summary>The command line as a client of a running platform: HTTP and gRPC, with the installation's token.</summary>
internal sealed class PlatformApi : IDisposable
{
    private readonly EmbeddedOptions options;
    private readonly InstallationToken token;
    private readonly Dictionary<Uri, GrpcChannel> channels = [];

    public PlatformApi(EmbeddedOptions options)
    {
        this.options = options;
        token = InstallationToken.Read(Path.Combine(options.Data, "token"));
        Http = Loopback.CreateClient();
        Http.BaseAddress = options.Http;
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
    }

    public HttpClient Http { get; }

    public Platform.Grpc.Campaigns.Campaigns.CampaignsClient Campaigns => new(To("campaigns"));

    public Platform.Grpc.Access.Keys.KeysClient Keys => new(To("campaigns"));

    public Platform.Grpc.Webhooks.Webhooks.WebhooksClient Webhooks => new(To("campaigns"));

    public Platform.Grpc.Generation.Generations.GenerationsClient Generations => new(To("generation"));

    public Platform.Grpc.Moderation.Moderation.ModerationClient Moderation => new(To("moderation"));

    public Platform.Grpc.Storage.Storage.StorageClient Storage => new(To("storage"));

    public Platform.Grpc.Minting.Minting.MintingClient Minting => new(To("minting"));

    public Platform.Grpc.RoyaltyIndexer.RoyaltyIndexer.RoyaltyIndexerClient RoyaltyIndexer => new(To("royalty-indexer"));

    public void Dispose()
    {
        Http.Dispose();
        foreach (var channel in channels.Values)
        {
            channel.Dispose();
        }
    }

    /// <summary>A channel to one service; services of one process share one.</summary>
    public GrpcChannel To(string service)
    {
        lock (channels)
        {
            var address = options.GrpcOf(service);
            if (!channels.TryGetValue(address, out var channel))
            {
                channel = Open(address);
                channels[address] = channel;
            }

            return channel;
        }
    }

    private GrpcChannel Open(Uri address) => GrpcChannel.ForAddress(address, new GrpcChannelOptions
    {
        Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, CallCredentials.FromInterceptor((_, metadata) =>
        {
            metadata.Add("authorization", $"Bearer {token.Value}");
            return Task.CompletedTask;
        })),
        UnsafeUseInsecureChannelCallCredentials = true,
        MaxReceiveMessageSize = 32 * 1024 * 1024,
    });
}
