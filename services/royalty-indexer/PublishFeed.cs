using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Grpc.RoyaltyIndexer;
using Platform.Hosting;
using Platform.Mongo;
using RabbitMQ.Client;

namespace Platform.RoyaltyIndexer;

/// <summary>Publishes the feed as plain JSON CloudEvents to a topic exchange that anybody may bind a queue to.</summary>
/// <remarks>
/// At least once and in order: its position moves when the broker has confirmed, and what was not confirmed is published again
/// from there. Sequence numbers tell a repeat. Nothing is kept of a connection that failed: the next round makes another.
/// </remarks>
internal sealed partial class PublishFeed(
    FeedReader reader,
    Deliveries deliveries,
    IOptions<PlatformOptions> platform,
    IOptions<RoyaltyIndexerOptions> options,
    TimeProvider clock,
    Leases<RoyaltyIndexerService> leases,
    ILogger<PublishFeed> logger) : Leased(leases, clock, logger)
{
    public const string Exchange = "imprimatur.feed";

    private const string Name = "rabbitmq";
    private const int AtATime = 100;

    // A broker that is blocked by an alarm takes the bytes and does not confirm.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private IConnection? connection;
    private IChannel? channel;

    protected override string LeaseName => "publish";

    protected override TimeSpan Pause => TimeSpan.FromMilliseconds(options.Value.PollMilliseconds);

    protected override async Task<bool> WorkAsync(Lease lease, CancellationToken cancellation)
    {
        var after = await deliveries.PositionAsync(Name, cancellation);
        var page = await reader.ReadAsync(after, AtATime, new FeedFilter(), cancellation);
        if (page.Events.Count == 0)
        {
            return false;
        }

        var published = false;
        try
        {
            await PublishAsync(page.Events, await OpenAsync(cancellation), cancellation);
            published = true;
        }
        finally
        {
            if (!published)
            {
                await CloseAsync();
            }
        }

        await deliveries.ArrivedAsync(Name, page.Next, cancellation);
        return true;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await CloseAsync();
    }

    private static async Task PublishAsync(IReadOnlyList<FeedEvent> events, IChannel open, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        var confirmed = events.Select(told => open.BasicPublishAsync(
            Exchange,
            RoutingKey(told),
            mandatory: false,
            new BasicProperties
            {
                ContentType = "application/cloudevents+json",
                DeliveryMode = DeliveryModes.Persistent,
                MessageId = told.Id,
                Type = told.Type,
            },
            FeedJson.Write(told),
            patience.Token).AsTask()).ToList();
        try
        {
            await Task.WhenAll(confirmed);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The broker did not confirm {events.Count} entries within {Patience.TotalSeconds} seconds.");
        }
    }

    private static string RoutingKey(FeedEvent told) => told.Data.HasContract
        ? string.Create(
            CultureInfo.InvariantCulture, $"token.transferred.{told.Data.ChainId}.{told.Data.Contract.ToLowerInvariant()}")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"chain.{(told.Type == "imprimatur.chain.finalised.v1" ? "finalised" : "reorganised")}.{told.Data.ChainId}");

    private async Task<IChannel> OpenAsync(CancellationToken cancellation)
    {
        if (channel is { IsOpen: true } open)
        {
            return open;
        }

        await CloseAsync();
        var factory = new ConnectionFactory
        {
            Uri = platform.Value.RabbitMq,
            ClientProvidedName = "imprimatur royalty-indexer feed",
            AutomaticRecoveryEnabled = false,
        };
        connection = await factory.CreateConnectionAsync(cancellation);
        channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(
                publisherConfirmationsEnabled: true,
                publisherConfirmationTrackingEnabled: true,
                outstandingPublisherConfirmationsRateLimiter: null),
            cancellation);
        await channel.ExchangeDeclareAsync(
            Exchange, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellation);
        LogConnected(Exchange);
        return channel;
    }

    private async Task CloseAsync()
    {
        var (oldChannel, oldConnection) = (channel, connection);
        (channel, connection) = (null, null);
        if (oldChannel is not null)
        {
            await oldChannel.DisposeAsync();
        }

        if (oldConnection is not null)
        {
            await oldConnection.DisposeAsync();
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Connected to the broker to publish the feed to {Exchange}")]
    private partial void LogConnected(string exchange);
}
