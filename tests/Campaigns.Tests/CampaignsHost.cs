using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.EmbeddedMongo;
using Platform.Grpc.Campaigns;
using Platform.Hosting;
using Platform.Mongo;
using Platform.Testing;

namespace Platform.Campaigns.Tests;

/// <summary>A store that outlives the hosts on it.</summary>
internal sealed class AStore : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("campaigns-tests-").FullName;
    private EmbeddedMongoServer? server;

    public string Address => server!.ConnectionString;

    public string Data => Path.Combine(folder, "data");

    public static async Task<AStore> OpenAsync()
    {
        var store = new AStore();
        store.server = await EmbeddedMongoServer.StartAsync(
            new() { Path = Path.Combine(store.folder, "mongo.db"), FullSync = false });
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        await server!.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>The service as it ships, with a workshop beside it that hears what is to be made and says what the test lets it.</summary>
internal sealed class CampaignsHost : IAsyncDisposable
{
    private readonly FreePorts ports = FreePorts.Find(2);
    private readonly ConcurrentQueue<string> logged = new();
    private readonly WebApplication app;

    private CampaignsHost(AStore store, Workshop workshop, IReadOnlyDictionary<string, string?> settings)
    {
        Workshop = workshop;
        app = PlatformHost.Build(
            [],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddProvider(new Listening(logged));
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["Platform:Port"] = $"{ports.First}",
                    ["Platform:Data"] = store.Data,
                    ["Platform:MongoDb"] = store.Address,
                }.Concat(settings));
            },
            new CampaignsService(),
            workshop);
    }

    public Workshop Workshop { get; }

    public Uri Http => new($"http://127.0.0.1:{ports.First}");

    /// <summary>Every line of the log, from every category.</summary>
    public IReadOnlyCollection<string> Logged => logged;

    public Grpc.Campaigns.Campaigns.CampaignsClient Client => Get<Grpc.Campaigns.Campaigns.CampaignsClient>();

    public static async Task<CampaignsHost> StartAsync(
        AStore store, Workshop? workshop = null, params IEnumerable<(string Name, string Value)> settings)
    {
        var host = new CampaignsHost(
            store, workshop ?? new Workshop(), settings.ToDictionary(each => each.Name, each => (string?)each.Value));
        await host.app.StartAsync();
        host.Workshop.Bus = host.Get<IBus>();
        return host;
    }

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    public async Task PublishAsync(string campaign, long budget = 0) =>
        await Client.PublishCampaignAsync(new PublishCampaignRequest
        {
            Definition = Samples.ADefinition(definition =>
            {
                definition.Name = campaign;
                definition.Budget = budget;
                definition.Prompt = "A {{ city }} skyline";
                definition.Variants.Clear();
                definition.Facts.Clear();
                definition.Facts.Add(Samples.Text("city"));
            }),
        });

    /// <summary>Sends one event, or several as a batch.</summary>
    public async Task<HttpResponseMessage> PostAsync(string campaign, params IReadOnlyList<string> events)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://127.0.0.1:{ports.First}/v1/campaigns/{campaign}/events"));
        request.Headers.Authorization = new("Bearer", Get<InstallationToken>().Value);
        request.Content = new StringContent(events.Count == 1 ? events[0] : $"[{string.Join(",", events)}]");
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(
            events.Count == 1 ? "application/cloudevents+json" : "application/cloudevents-batch+json");
        return await Get<IHttpClientFactory>().CreateClient().SendAsync(request);
    }

    public async Task<IReadOnlyList<AdmittedAnswerAsset>> AcceptedAsync(string campaign, params IReadOnlyList<string> events)
    {
        using var answer = await PostAsync(campaign, events);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<AdmittedAnswer>())!.Assets;
    }

    public static string AnEvent(string id, string? subject = null, string? priority = null) => Samples.AnEvent(
        $$"""{"recipient":"{{Samples.Recipient}}","subject":"{{subject ?? id}}","facts":{"city":"Lisbon"} }""",
        id,
        priority is null ? "" : $$""","priority":"{{priority}}" """);

    public static IReadOnlyList<string> Events(string prefix, int count) =>
        [.. Enumerable.Range(0, count).Select(number => AnEvent($"{prefix}-{number}"))];

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        ports.Dispose();
    }
}

/// <summary>Keeps what is logged.</summary>
internal sealed class Listening(ConcurrentQueue<string> logged) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        logged.Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}

/// <summary>Waits for a fact, and fails with what was seen last.</summary>
internal static class Eventually
{
    public static async Task BecomesAsync<T>(T expected, Func<Task<T>> look)
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        var seen = await look();
        while (!Equals(expected, seen) && patience.Elapsed < TimeSpan.FromSeconds(60))
        {
            await Task.Delay(20);
            seen = await look();
        }

        Assert.Equal(expected, seen);
    }

    public static Task BecomesAsync<T>(T expected, Func<T> look) => BecomesAsync(expected, () => Task.FromResult(look()));
}
