using System.Net.Http.Headers;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Platform.Hosting;

namespace Platform.Embedded;

/// <summary>The command line as a client of a running platform: HTTP and gRPC, with the installation's token.</summary>
internal sealed class PlatformApi : IDisposable
{
    private readonly GrpcChannel channel;

    public PlatformApi(EmbeddedOptions options)
    {
        var token = InstallationToken.Read(Path.Combine(options.Data, "token"));
        Http = Loopback.CreateClient();
        Http.BaseAddress = options.Http;
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        channel = GrpcChannel.ForAddress(options.Grpc, new GrpcChannelOptions
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

    public HttpClient Http { get; }

    public Platform.Grpc.Campaigns.Campaigns.CampaignsClient Campaigns => new(channel);

    public Platform.Grpc.Generation.Generations.GenerationsClient Generations => new(channel);

    public Platform.Grpc.Moderation.Moderation.ModerationClient Moderation => new(channel);

    public Platform.Grpc.Minting.Minting.MintingClient Minting => new(channel);

    public Platform.Grpc.RoyaltyIndexer.RoyaltyIndexer.RoyaltyIndexerClient RoyaltyIndexer => new(channel);

    /// <summary>Where a running platform listens; null when none runs on this data folder.</summary>
    public static int? RunningPort(string data)
    {
        var file = DataFolder.RunningFile(data);
        if (!File.Exists(file))
        {
            return null;
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.GetProperty("port").GetInt32();
    }

    public void Dispose()
    {
        Http.Dispose();
        channel.Dispose();
    }
}
