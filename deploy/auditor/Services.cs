using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Platform.Grpc.Campaigns;
using Platform.Grpc.Generation;
using Platform.Grpc.Minting;
using Platform.Grpc.Moderation;
using Platform.Grpc.RoyaltyIndexer;
using Platform.Grpc.Storage;

namespace Platform.Auditor;

/// <summary>The audited services' questions, each at a replica that lives.</summary>
/// <remarks>Every question only reads, so that one that found nobody may be put again.</remarks>
internal sealed class Services : IDisposable
{
    private const int LargestAnswer = 64 << 20;

    private readonly Dictionary<Uri, GrpcChannel> channels = [];

    private Services()
    {
    }

    public required Campaigns.CampaignsClient Campaigns { get; init; }

    public required Generations.GenerationsClient Generation { get; init; }

    public required Moderation.ModerationClient Moderation { get; init; }

    public required Storage.StorageClient Storage { get; init; }

    public required Minting.MintingClient Minting { get; init; }

    public required RoyaltyIndexer.RoyaltyIndexerClient RoyaltyIndexer { get; init; }

    public static async Task<Services> ConnectAsync(
        AuditAddresses at, HttpClient http, CancellationToken cancellation)
    {
        var channels = new Dictionary<Uri, GrpcChannel>();
        async Task<GrpcChannel> ChannelAsync(string service, IReadOnlyList<Uri> addresses)
        {
            var address = await LivingAsync(service, addresses, http, cancellation);
            if (!channels.TryGetValue(address, out var channel))
            {
                channels[address] = channel = Open(address, at.Token);
            }

            return channel;
        }

        var services = new Services
        {
            Campaigns = new(await ChannelAsync("campaigns", at.Campaigns)),
            Generation = new(await ChannelAsync("generation", at.Generation)),
            Moderation = new(await ChannelAsync("moderation", at.Moderation)),
            Storage = new(await ChannelAsync("storage", at.Storage)),
            Minting = new(await ChannelAsync("minting", at.Minting)),
            RoyaltyIndexer = new(await ChannelAsync("royalty-indexer", at.RoyaltyIndexer)),
        };
        foreach (var (address, channel) in channels)
        {
            services.channels[address] = channel;
        }

        return services;
    }

    public void Dispose()
    {
        foreach (var channel in channels.Values)
        {
            channel.Dispose();
        }
    }

    private static async Task<Uri> LivingAsync(
        string service, IReadOnlyList<Uri> addresses, HttpClient http, CancellationToken cancellation)
    {
        var faults = new List<string>();
        foreach (var address in addresses)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(address, "/health/live"), cancellation);
                return address;
            }
            catch (HttpRequestException fault)
            {
                faults.Add($"{address.Authority} ({fault.Message.TrimEnd('.')})");
            }
        }

        throw new AuditUnavailableException(addresses.Count == 0
            ? $"No address of {service} is known."
            : $"{service} gives no answer: {string.Join("; ", faults)}.");
    }

    private static GrpcChannel Open(Uri http, string token) => GrpcChannel.ForAddress(
        new UriBuilder(http.Scheme, http.Host, http.Port + 1).Uri,
        new GrpcChannelOptions
        {
            Credentials = ChannelCredentials.Create(
                ChannelCredentials.Insecure,
                CallCredentials.FromInterceptor((_, metadata) =>
                {
                    metadata.Add("authorization", $"Bearer {token}");
                    return Task.CompletedTask;
                })),
            UnsafeUseInsecureChannelCallCredentials = true,
            MaxReceiveMessageSize = LargestAnswer,
            ServiceConfig = new ServiceConfig
            {
                MethodConfigs =
                {
                    new MethodConfig
                    {
                        Names = { MethodName.Default },
                        RetryPolicy = new RetryPolicy
                        {
                            MaxAttempts = 5,
                            InitialBackoff = TimeSpan.FromMilliseconds(500),
                            MaxBackoff = TimeSpan.FromSeconds(5),
                            BackoffMultiplier = 2,
                            RetryableStatusCodes = { StatusCode.Unavailable },
                        },
                    },
                },
            },
        });
}
