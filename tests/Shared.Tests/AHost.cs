using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Driver;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Shared.Tests;

/// <summary>The platform's host as it ships, with one small service in it.</summary>
internal sealed class AHost : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("host-").FullName;
    private readonly WebApplication app;

    private AHost(string mongo)
    {
        var port = TwoFreePorts();
        Address = new Uri($"http://127.0.0.1:{port}");
        app = PlatformHost.Build(
            [],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["Platform:Port"] = $"{port}",
                    ["Platform:Data"] = folder,
                    ["Platform:MongoDb"] = mongo,
                    ["Platform:AllowedHosts:0"] = "imprimatur.example",
                });
            },
            new EchoService());
    }

    public Uri Address { get; }

    public Heard Heard => Get<Heard>();

    public string TokenFile => Path.Combine(folder, "token");

    public static async Task<AHost> StartAsync(string mongo)
    {
        var host = new AHost(mongo);
        await host.app.StartAsync();
        return host;
    }

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    public async Task<HttpResponseMessage> GetAsync(string path, string? bearer = null, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, path));
        request.Headers.Host = host;
        if (bearer is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", bearer);
        }

        using var client = Get<IHttpClientFactory>().CreateClient();
        return await client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static int TwoFreePorts()
    {
        while (true)
        {
            using var first = new TcpListener(IPAddress.Loopback, 0);
            first.Start();
            var port = ((IPEndPoint)first.LocalEndpoint).Port;
            try
            {
                using var second = new TcpListener(IPAddress.Loopback, port + 1);
                second.Start();
                return port;
            }
            catch (SocketException)
            {
                // The next one is taken: try another pair.
            }
        }
    }
}

/// <summary>Somebody calls.</summary>
public sealed record Called(Guid Id);

/// <summary>Somebody calls, and what comes of it is decided.</summary>
public sealed record Proposed(Guid Id);

/// <summary>What came of a call.</summary>
public sealed record Echoed(Guid Id);

internal sealed class EchoService : IPlatformService
{
    public string Name => "echo";

    public void Register(IHostApplicationBuilder host)
    {
        host.Services.AddSingleton<Heard>();
        host.Services.AddSingleton(provider => new DecidedDocuments<Guid, Tally>(
            provider.GetRequiredService<ServiceDatabase<EchoService>>().Collection<Decided<Guid, Tally>>("tallies"),
            provider.GetRequiredService<IAnnouncer>(),
            provider.GetRequiredService<TimeProvider>()));
        host.Services.AddSingleton<IRelayed>(provider => provider.GetRequiredService<DecidedDocuments<Guid, Tally>>());
    }

    public void Subscribe(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<EchoCall>().Endpoint(endpoint => endpoint.Name = "echo.echo-call");
        bus.AddConsumer<DecideEcho>().Endpoint(endpoint => endpoint.Name = "echo.decide-echo");
        bus.AddConsumer<HearEcho>().Endpoint(endpoint => endpoint.Name = "echo.hear-echo");
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/who", (HttpContext context) => context.User.Identity?.Name ?? "nobody");
        endpoints.MapGet("/ipfs/who", (HttpContext context) => context.User.Identity?.Name ?? "nobody");
    }
}

internal sealed class EchoCall(Heard heard) : IConsumer<Called>
{
    public Task Consume(ConsumeContext<Called> context)
    {
        heard.Note($"call {context.Message.Id}");
        return context.Publish(new Echoed(context.Message.Id));
    }
}

internal sealed class DecideEcho(DecidedDocuments<Guid, Tally> tallies, Heard heard) : IConsumer<Proposed>
{
    public Task Consume(ConsumeContext<Proposed> context)
    {
        heard.Note($"call {context.Message.Id}");
        return tallies.DecideAsync(
            context.Message.Id,
            _ => new Decision<Tally>(new Tally { Value = 1 }, new Echoed(context.Message.Id)),
            context.CancellationToken);
    }
}

internal sealed class HearEcho(Heard heard) : IConsumer<Echoed>
{
    public Task Consume(ConsumeContext<Echoed> context)
    {
        heard.Note($"echo {context.Message.Id}");
        return Task.CompletedTask;
    }
}

/// <summary>Under which trace what was heard.</summary>
internal sealed class Heard
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<(string Trace, string? Parent)>> notes = new();

    public void Note(string what) =>
        Of(what).TrySetResult((Activity.Current?.TraceId.ToString() ?? "none", Activity.Current?.ParentSpanId.ToString()));

    public Task<(string Trace, string? Parent)> Async(string what) => Of(what).Task.WaitAsync(TimeSpan.FromSeconds(30));

    private TaskCompletionSource<(string Trace, string? Parent)> Of(string what) =>
        notes.GetOrAdd(what, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
