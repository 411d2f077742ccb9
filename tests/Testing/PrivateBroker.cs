using Platform.Embedded;

namespace Platform.Testing;

/// <summary>A broker that a test may stop, kill, starve and start again: a private node of an installed RabbitMQ.</summary>
public sealed class PrivateBroker : IAsyncDisposable
{
    private readonly RabbitMqNode node;
    private readonly FreePorts ports;
    private readonly string folder;

    private PrivateBroker(RabbitMqNode node, FreePorts ports, string folder)
    {
        this.node = node;
        this.ports = ports;
        this.folder = folder;
    }

    public static bool IsInstalled => RabbitMqNode.FindInstalled() is not null;

    public Uri Address => node.Address;

    /// <param name="settings">Lines of rabbitmq.conf beside, or instead of, the product's own.</param>
    public static async Task<PrivateBroker> StartAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var folder = Directory.CreateTempSubdirectory("broker-").FullName;
        var ports = FreePorts.Find(3);
        try
        {
            return new PrivateBroker(
                await RabbitMqNode.StartAsync(folder, ports.First, settings, CancellationToken.None), ports, folder);
        }
        catch
        {
            ports.Dispose();
            throw;
        }
    }

    /// <summary>Starts it again after a stop or a kill.</summary>
    public Task StartAgainAsync() => node.StartAsync(CancellationToken.None);

    public Task StopAsync() => node.StopAsync(CancellationToken.None);

    public Task KillAsync() => node.KillAsync(CancellationToken.None);

    /// <summary>Runs <c>rabbitmqctl</c> against it.</summary>
    public Task<string> ControlAsync(params IReadOnlyList<string> arguments) =>
        node.ControlAsync(arguments, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        ports.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
