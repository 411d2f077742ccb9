using System.Collections.Concurrent;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Events;
using Platform.Hosting;

namespace Platform.Campaigns.Tests;

/// <summary>Stands where generation, moderation and storage stand: hears each request in order, and is done when it is told.</summary>
internal sealed class Workshop(Action<IServiceCollection>? replace = null) : IPlatformService
{
    private readonly ConcurrentQueue<GenerationRequested> heard = new();
    private readonly ConcurrentDictionary<Guid, int> atWork = new();

    public string Name => "workshop";

    public IBus Bus { get; set; } = null!;

    /// <summary>Each asset once, in the order in which it was first asked for.</summary>
    public IReadOnlyList<GenerationRequested> Heard => [.. heard.DistinctBy(each => each.AssetId)];

    public int Messages => heard.Count;

    /// <summary>The most that were ever at work at one time.</summary>
    public int Most { get; private set; }

    public int AtWork => atWork.Count;

    public void Register(IHostApplicationBuilder host)
    {
        host.Services.AddSingleton(this);
        host.Services.AddPlatformClient<Grpc.Campaigns.Campaigns.CampaignsClient>(_ => null);
        host.Services.AddPlatformClient<Grpc.Access.Keys.KeysClient>(_ => null);
        host.Services.AddPlatformClient<Grpc.Webhooks.Webhooks.WebhooksClient>(_ => null);
        replace?.Invoke(host.Services);
    }

    public void Subscribe(IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<HearRequest>().Endpoint(endpoint => endpoint.Name = "workshop.hear-request");

    public void Map(IEndpointRouteBuilder endpoints)
    {
    }

    /// <summary>Says that assets are pinned: nobody works on them any more.</summary>
    public async Task PinAsync(params IEnumerable<Guid> assets)
    {
        foreach (var asset in assets)
        {
            atWork.TryRemove(asset, out _);
            await Bus.Publish(new AssetPinned
            {
                AssetId = asset,
                Iteration = 0,
                Campaign = "any",
                CampaignVersion = 1,
                Recipient = Samples.Recipient,
                Content = "00",
                Cid = "bafy",
                Size = 1,
                PinnedAt = DateTimeOffset.UnixEpoch,
            });
        }
    }

    /// <summary>Pins whatever it hears, until so many assets were heard.</summary>
    public async Task WorkUntilAsync(int assets)
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (Heard.Count < assets)
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(60), $"Heard {Heard.Count} of {assets}.");
            await PinAsync([.. atWork.Keys]);
            await Task.Delay(20);
        }
    }

    private void Hear(GenerationRequested requested)
    {
        lock (atWork)
        {
            heard.Enqueue(requested);
            atWork[requested.AssetId] = 1;
            Most = Math.Max(Most, atWork.Count);
        }
    }

    private sealed class HearRequest(Workshop workshop) : IConsumer<GenerationRequested>
    {
        public Task Consume(ConsumeContext<GenerationRequested> context)
        {
            workshop.Hear(context.Message);
            return Task.CompletedTask;
        }
    }
}
