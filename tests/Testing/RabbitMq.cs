using Docker.DotNet;
using RabbitMQ.Client;
using Testcontainers.RabbitMq;
using Xunit;

namespace Platform.Testing;

/// <summary>
/// The RabbitMQ of a test assembly: the one that <c>PLATFORM_TEST_RABBITMQ</c> names, else a container, else a private
/// node of an installed server; without any, the tests that need it are skipped with the reason.
/// </summary>
public sealed class RabbitMq : IAsyncLifetime
{
    private const string DefaultImage = "rabbitmq:4-alpine";

    private RabbitMqContainer? container;
    private PrivateBroker? node;
    private Uri? address;
    private string? missing;

    /// <summary>Where it answers; a test that asks is skipped when there is none.</summary>
    public Uri Address
    {
        get
        {
            Assert.SkipWhen(address is null, missing ?? "");
            return address!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        var (found, how) = await FindAsync();
        address = found;
        ChosenServers.Say(found is null ? $"no RabbitMQ: {how}" : $"RabbitMQ {await VersionAsync(found)}, {how}");
        missing = found is null ? how : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (container is not null)
        {
            await container.DisposeAsync();
        }

        if (node is not null)
        {
            await node.DisposeAsync();
        }
    }

    private async Task<(Uri? Address, string How)> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("PLATFORM_TEST_RABBITMQ") is { Length: > 0 } given)
        {
            return (new Uri(given), "named by PLATFORM_TEST_RABBITMQ");
        }

        var docker = "there is no Docker daemon that answers";
        if (await DockerDaemon.IsAnsweringAsync())
        {
            (var contained, docker) = await TryContainerAsync();
            if (contained is not null)
            {
                return (contained, docker);
            }
        }

        if (PrivateBroker.IsInstalled)
        {
            // Others' brokers let larger messages in than ours: what arrives must be dealt with.
            node = await PrivateBroker.StartAsync(new Dictionary<string, string> { ["max_message_size"] = $"{16 * 1024 * 1024}" });
            return (node.Address, $"private node on port {node.Address.Port}");
        }

        return (null, $"PLATFORM_TEST_RABBITMQ is not set, {docker}, and no rabbitmq-server is installed");
    }

    private async Task<(Uri? Address, string How)> TryContainerAsync()
    {
        var image = Environment.GetEnvironmentVariable("PLATFORM_TEST_RABBITMQ_IMAGE") ?? DefaultImage;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            container = new RabbitMqBuilder(image).Build();
            await container.StartAsync(patience.Token);
            return (new Uri(container.GetConnectionString()), $"container of {image}");
        }
        catch (Exception exception)
            when (exception is DockerApiException or HttpRequestException or OperationCanceledException or TimeoutException)
        {
            return (null, $"Docker did not bring {image} ({exception.Message.ReplaceLineEndings(" ").Trim()})");
        }
    }

    private static async Task<string> VersionAsync(Uri address)
    {
        await using var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync();
        return connection.ServerProperties?["version"] is byte[] version
            ? System.Text.Encoding.UTF8.GetString(version)
            : "of unknown version";
    }
}
