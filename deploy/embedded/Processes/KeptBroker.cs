namespace Platform.Embedded;

/// <summary>A private RabbitMQ node that is started again in its folder when it ended without having been asked to.</summary>
internal sealed class KeptBroker : IAsyncDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    private readonly RabbitMqNode node;
    private readonly Action<string> say;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task keeping;

    private KeptBroker(RabbitMqNode node, Action<string> say)
    {
        this.node = node;
        this.say = say;
        keeping = KeepAsync();
    }

    /// <summary>Null while it is being started again.</summary>
    public int? ProcessId => node.ProcessId;

    /// <summary>Raised whenever it was started again.</summary>
    public event Action? Restarted;

    public static async Task<KeptBroker> StartAsync(
        string folder, int port, Action<string> say, CancellationToken cancellation) =>
        new(await RabbitMqNode.StartAsync(folder, port, settings: null, cancellation), say);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await keeping;
        await node.DisposeAsync();
        stopping.Dispose();
    }

    private async Task KeepAsync()
    {
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(BetweenLooks * Math.Pow(2, Math.Min(failures, 5)), stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested || node.IsRunning)
            {
                continue;
            }

            say("The broker ended unexpectedly; it is started again with what it had.");
            try
            {
                await node.StartAsync(stopping.Token);
                Restarted?.Invoke();
                failures = 0;
                say("The broker is back.");
            }
            catch (Exception exception) when (exception is UserErrorException or OperationCanceledException)
            {
                failures++;
                say($"The broker did not start: {exception.Message}");
            }
        }
    }
}
