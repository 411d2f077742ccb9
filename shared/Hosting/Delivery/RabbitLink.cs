using RabbitMQ.Client;

namespace Platform.Hosting;

/// <summary>A connection of its own to RabbitMQ, for what is beside the bus: delays, replays, a look at the queues.</summary>
/// <remarks>
/// A blocked or closed connection of the bus does not touch it. Opened when first needed, and again whenever it was lost.
/// </remarks>
internal sealed class RabbitLink(Uri address) : IAsyncDisposable
{
    private readonly ConnectionFactory factory = new()
    {
        Uri = address,
        ClientProvidedName = "imprimatur mending",
        AutomaticRecoveryEnabled = false, // asked for again whenever it is needed
        RequestedHeartbeat = TimeSpan.FromSeconds(10),
        RequestedConnectionTimeout = TimeSpan.FromSeconds(10),
    };

    private readonly SemaphoreSlim turn = new(1);
    private IConnection? connection;
    private IChannel? publishing;

    /// <summary>A channel with publisher confirms, shared by all who publish.</summary>
    public async Task<IChannel> PublishingAsync(Func<IChannel, Task> declare, CancellationToken cancellation)
    {
        if (publishing is { IsOpen: true } open)
        {
            return open;
        }

        await turn.WaitAsync(cancellation);
        try
        {
            if (publishing is not { IsOpen: true })
            {
                var channel = await (await ConnectAsync(cancellation)).CreateChannelAsync(
                    new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
                    cancellation);
                await declare(channel);
                publishing = channel;
            }

            return publishing;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>A channel for one question: the broker closes it when the answer is no.</summary>
    public async Task<IChannel> AskingAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            return await (await ConnectAsync(cancellation)).CreateChannelAsync(cancellationToken: cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        turn.Dispose();
    }

    private async Task<IConnection> ConnectAsync(CancellationToken cancellation)
    {
        if (connection is { IsOpen: true })
        {
            return connection;
        }

        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        return connection = await factory.CreateConnectionAsync(cancellation);
    }
}
