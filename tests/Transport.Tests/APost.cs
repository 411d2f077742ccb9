using System.Text;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Grpc.Operations;
using Platform.Hosting;
using Platform.Mongo;
using Platform.Testing;

namespace Platform.Transport.Tests;

/// <summary>A process as it ships, with the small service in it, on either bus.</summary>
internal sealed class APost : IAsyncDisposable
{
    private static int count;

    private readonly string folder;
    private readonly FreePorts ports = FreePorts.Find(2);
    private readonly WebApplication app;
    private readonly bool ownsFolder;

    private APost(Uri? rabbit, string mongo, string name, string? data, Dictionary<string, string?> settings)
    {
        Name = name;
        ownsFolder = data is null;
        folder = data ?? Directory.CreateTempSubdirectory("post-").FullName;
        app = PlatformHost.Build(
            [],
            builder =>
            {
                builder.Logging.ClearProviders();
                if (Environment.GetEnvironmentVariable("PLATFORM_TEST_LOG") is not null)
                {
                    builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
                }

                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["Platform:Port"] = $"{ports.First}",
                    ["Platform:Data"] = folder,
                    ["Platform:MongoDb"] = mongo,
                    ["Platform:Bus"] = rabbit is null ? "memory" : "rabbitmq",
                    ["Platform:RabbitMq"] = rabbit?.ToString() ?? "amqp://nowhere",
                    ["Platform:DelaySeconds:0"] = "1",
                });
                builder.Configuration.AddInMemoryCollection(settings);
            },
            new OrderService(name, Script));
    }

    public Script Script { get; } = new();

    public string Name { get; }

    public string Folder => folder;

    public string Queue => $"{Name}.take-order";

    public Uri Address => new($"http://127.0.0.1:{ports.First}");

    public IMongoCollection<BsonDocument> Parked =>
        Get<IMongoClient>().GetDatabase(PlatformHost.DatabaseOf(Name)).GetCollection<BsonDocument>("parked");

    public static string NewName() => $"t{Environment.ProcessId}x{Interlocked.Increment(ref count)}";

    public static async Task<APost> OpenAsync(
        Uri? rabbit,
        string mongo,
        string? name = null,
        string? data = null,
        Dictionary<string, string?>? settings = null,
        bool ready = true)
    {
        var post = new APost(rabbit, mongo, name ?? NewName(), data, settings ?? []);
        await post.app.StartAsync();
        if (ready)
        {
            await post.ReadyAsync();
        }

        return post;
    }

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    public Task ReadyAsync() => Get<BusReadiness>().WaitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(90)).Token);

    public Task PublishAsync(object message) => Get<IBus>().Publish(message, message.GetType());

    /// <summary>Puts bytes into the queue as anybody could.</summary>
    public async Task<string> PutAsync(string body, string contentType = "application/vnd.masstransit+json")
    {
        var id = Guid.CreateVersion7().ToString();
        await Get<ICourier>().SendAsync(
            new Letter
            {
                Endpoint = Queue,
                ContentType = contentType,
                Headers = new Dictionary<string, string> { ["shop"] = "north", ["X-Api-Token"] = "do-not-keep" },
                Body = Encoding.UTF8.GetBytes(body),
                MessageId = id,
            },
            CancellationToken.None);
        return id;
    }

    public static string Envelope(string message, string type = "Ordered") => JsonSerializer.Serialize(new
    {
        messageId = Guid.CreateVersion7(),
        messageType = new[] { $"urn:message:Platform.Transport.Tests:{type}" },
        message = JsonSerializer.Deserialize<JsonElement>(message),
    });

    public async Task<ParkedMessage> ParkedAsync(Func<ParkedMessage, bool> which, int seconds = 60)
    {
        var patience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (true)
        {
            var listed = await CallAsync(client => client.ListParkedAsync(new ListParkedRequest(), Bearer()).ResponseAsync);
            if (listed.Messages.FirstOrDefault(which) is { } found)
            {
                return found;
            }

            await Task.Delay(50, patience.Token);
        }
    }

    public async Task<T> CallAsync<T>(Func<Operations.OperationsClient, Task<T>> call)
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{ports.First + 1}");
        return await call(new Operations.OperationsClient(channel));
    }

    public Metadata Bearer() => new() { { "authorization", $"Bearer {Get<InstallationToken>().Value}" } };

    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        ports.Dispose();
        if (ownsFolder)
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
