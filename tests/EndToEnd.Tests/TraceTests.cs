using System.Net.Http.Headers;
using System.Text;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Embedded;
using Platform.Events;
using Platform.Grpc.Campaigns;
using Platform.Hosting;

namespace Platform.EndToEnd.Tests;

/// <summary>One story from the publisher's request to the token, though the batch in between has many.</summary>
public sealed class TraceTests : EndToEndTest
{
    [Fact]
    public async Task A_trace_goes_from_the_event_to_its_token()
    {
        string[] traces = ["4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b74bf92f3577b34da6"];
        var listener = new Listener();
        var options = new EmbeddedOptions { Data = AFolder(), Port = APort(), Generator = "null", LingerMilliseconds = 300 };
        await using var platform = await EmbeddedPlatform.StartAsync(options, Tell, TestContext.Current.CancellationToken, listener);
        using var api = new PlatformApi(options);
        var campaign = Situations.ACampaign("traces");
        campaign.Policy = "decode-only@1";
        await api.Campaigns.PublishCampaignAsync(new PublishCampaignRequest { Definition = campaign });

        foreach (var (index, trace) in traces.Index())
        {
            using var content = new StringContent(Situations.AnEvent($"trace-{index}", index).Json, Encoding.UTF8);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/cloudevents+json");
            content.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
            using var answer = await api.Http.PostAsync(new Uri("v1/campaigns/traces/events", UriKind.Relative), content);
            answer.EnsureSuccessStatusCode();
        }

        var heard = await listener.HearAsync(traces.Length, TimeSpan.FromSeconds(60));
        Assert.Equal(traces.Order(), heard.Select(traceParent => traceParent.Split('-')[1]).Order());
    }

    /// <summary>A neighbour that hears of tokens, as analytics will.</summary>
    private sealed class Listener : IPlatformService
    {
        private readonly List<string> heard = [];

        private readonly SemaphoreSlim arrived = new(0);

        public string Name => "listener";

        public void Register(IHostApplicationBuilder host) => host.Services.AddSingleton(this);

        public void Subscribe(IBusRegistrationConfigurator bus) => bus.AddConsumer<Hear>();

        public void Map(IEndpointRouteBuilder endpoints)
        {
        }

        public async Task<IReadOnlyList<string>> HearAsync(int count, TimeSpan patience)
        {
            for (var index = 0; index < count; index++)
            {
                Assert.True(await arrived.WaitAsync(patience), $"Only {index} of {count} tokens were announced.");
            }

            lock (heard)
            {
                return [.. heard];
            }
        }

        private sealed class Hear(Listener listener) : IConsumer<TokenMinted>
        {
            public Task Consume(ConsumeContext<TokenMinted> context)
            {
                lock (listener.heard)
                {
                    listener.heard.Add(context.Headers.Get<string>(TraceHeader.Name) ?? "none-none");
                }

                listener.arrived.Release();
                return Task.CompletedTask;
            }
        }
    }
}
