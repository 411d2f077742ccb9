using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Platform.Events;
using Platform.Mongo;

namespace Platform.Campaigns.Tests;

/// <summary>No more at work than the window has room for, interactive events first, then campaign by campaign.</summary>
public sealed class WindowTests : IAsyncLifetime
{
    private AStore? store;

    [Fact]
    public async Task Holds_what_is_more_than_the_window_and_releases_it_as_room_comes_free()
    {
        await using var host = await StartAsync(window: 16);
        await host.PublishAsync("one");

        var answered = await host.AcceptedAsync("one", CampaignsHost.Events("e", 40));
        await Eventually.BecomesAsync(true, () => host.Workshop.AtWork >= 2);
        await host.Workshop.WorkUntilAsync(40);

        Assert.Equal(40, answered.Count);
        Assert.Contains(answered, asset => asset.Status == "received");
        Assert.InRange(host.Workshop.Most, 2, 16);
        Assert.Equal(40, host.Workshop.Messages);
    }

    [Fact]
    public async Task Sends_a_lone_event_straight_to_work()
    {
        await using var host = await StartAsync(window: 8);
        await host.PublishAsync("one");
        await Eventually.BecomesAsync(1, () =>
        {
            // Until the first look nobody knows of any room.
            var window = host.Get<AdmissionWindow>();
            var taken = window.Take(Lane.Bulk, 1);
            window.GiveBack(taken);
            return taken;
        });

        var asset = Assert.Single(await host.AcceptedAsync("one", CampaignsHost.AnEvent("e")));

        Assert.Equal("admitted", asset.Status);
        await Eventually.BecomesAsync(1, () => host.Workshop.Messages);
    }

    [Fact]
    public async Task What_waits_for_a_person_or_has_ended_makes_room()
    {
        await using var host = await StartAsync(window: 4);
        await host.PublishAsync("one");
        await host.AcceptedAsync("one", CampaignsHost.Events("e", 3));
        await Eventually.BecomesAsync(1, () => host.Workshop.Messages);

        await host.Workshop.Bus.Publish(new AssetWaiting
        {
            AssetId = host.Workshop.Heard[0].AssetId,
            Iteration = 0,
            Campaign = "one",
            Reasons = ["resembles another"],
            Until = DateTimeOffset.MaxValue.AddYears(-1),
        });
        await Eventually.BecomesAsync(2, () => host.Workshop.Messages);
        await host.Workshop.Bus.Publish(new GenerationFailed
        {
            AssetId = host.Workshop.Heard[1].AssetId,
            Iteration = 0,
            Campaign = "one",
            Outcome = "refused",
            Reason = "no",
            FailedAt = DateTimeOffset.UnixEpoch,
        });

        await Eventually.BecomesAsync(3, () => host.Workshop.Messages);
    }

    [Fact]
    public async Task Interactive_events_go_before_all_that_wait()
    {
        await using var host = await StartAsync(window: 4);
        await host.PublishAsync("one");
        await host.PublishAsync("two");
        await host.AcceptedAsync("one", CampaignsHost.Events("e", 10));
        await Eventually.BecomesAsync(1, () => host.Workshop.Messages);

        var urgent = Assert.Single(await host.AcceptedAsync("two", CampaignsHost.AnEvent("now", priority: "interactive")));
        await host.Workshop.WorkUntilAsync(11);

        // Behind those only that were at work or on their way to it when it came; in its turn it would have been the last.
        Assert.InRange(host.Workshop.Heard.TakeWhile(each => each.AssetId != urgent.AssetId).Count(), 1, 5);
    }

    [Fact]
    public async Task A_small_campaign_does_not_wait_for_a_large_one()
    {
        await using var host = await StartAsync(window: 4);
        await host.PublishAsync("large");
        await host.PublishAsync("small");
        await host.AcceptedAsync("large", CampaignsHost.Events("l", 500));
        await Eventually.BecomesAsync(true, () => host.Workshop.AtWork > 0);
        var before = host.Workshop.Heard.Count;
        await host.AcceptedAsync("small", CampaignsHost.Events("s", 20));

        while (host.Workshop.Heard.Count(each => each.Campaign == "small") < 20)
        {
            await host.Workshop.WorkUntilAsync(host.Workshop.Heard.Count + 1);
        }

        // One for one from when it came, but for what was at work and what one round released.
        Assert.InRange(host.Workshop.Heard.TakeWhile(each => each.Campaign == "large").Count() - before, 0, 8);
        Assert.InRange(host.Workshop.Heard.Count(each => each.Campaign == "large") - before, 0, 20 + 12);
    }

    [Fact]
    public async Task What_waited_when_the_process_ended_is_released_by_the_next()
    {
        await using (var first = await StartAsync(window: 4))
        {
            await first.PublishAsync("one");
            await first.AcceptedAsync("one", CampaignsHost.Events("e", 30));
            await Eventually.BecomesAsync(1, () => first.Workshop.Messages);
        }

        await using var second = await StartAsync(window: 4);
        await second.Workshop.WorkUntilAsync(30);

        Assert.Equal(30, second.Workshop.Heard.Count); // the one that was at work is asked for again: its queue died
    }

    [Fact]
    public async Task Two_replicas_share_one_window_and_release_each_asset_once()
    {
        Action<IServiceCollection> apart = services => services.AddSingleton(new LeaseTerms { Duration = TimeSpan.FromSeconds(2) });
        await using var one = await CampaignsHost.StartAsync(store!, new Workshop(apart), ("Campaigns:Window", "8"));
        await using var two = await CampaignsHost.StartAsync(store!, new Workshop(apart), ("Campaigns:Window", "8"));
        await one.PublishAsync("one");

        await Task.WhenAll(
            one.AcceptedAsync("one", CampaignsHost.Events("a", 40)),
            two.AcceptedAsync("one", CampaignsHost.Events("b", 40)));
        while (one.Workshop.Messages + two.Workshop.Messages < 80)
        {
            await one.Workshop.PinAsync([.. one.Workshop.Heard.Select(each => each.AssetId)]);
            await two.Workshop.PinAsync([.. two.Workshop.Heard.Select(each => each.AssetId)]);
            await Task.Delay(50);
        }

        Assert.Equal(80, one.Workshop.Heard.Concat(two.Workshop.Heard).DistinctBy(each => each.AssetId).Count());
        Assert.Equal(80, one.Workshop.Messages + two.Workshop.Messages);
    }

    [Fact]
    public async Task Answers_when_the_event_is_on_disk_although_the_bus_takes_nothing()
    {
        var deaf = new DeafBus();
        await using var host = await CampaignsHost.StartAsync(
            store!, new Workshop(services => services.AddSingleton<IAnnouncer>(deaf)), ("Campaigns:Window", "8"));
        await host.PublishAsync("one");

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(number =>
            host.AcceptedAsync("one", CampaignsHost.AnEvent($"e-{number}"))));

        Assert.Equal(100, answers.SelectMany(each => each).DistinctBy(each => each.AssetId).Count());
        await Eventually.BecomesAsync(true, () => deaf.Asked > 0);
        Assert.InRange(deaf.Asked, 1, 8 + 2); // what is kept in memory for the bus is bounded by the window
    }

    public async ValueTask InitializeAsync() => store = await AStore.OpenAsync();

    public async ValueTask DisposeAsync() => await store!.DisposeAsync();

    private Task<CampaignsHost> StartAsync(int window) =>
        CampaignsHost.StartAsync(store!, null, ("Campaigns:Window", $"{window}"));

    private sealed class DeafBus : IAnnouncer
    {
        private int asked;

        public int Asked => asked;

        public Task AnnounceAsync(object message, Guid messageId, string? traceParent, CancellationToken cancellation)
        {
            Interlocked.Increment(ref asked);
            return Task.Delay(Timeout.Infinite, cancellation);
        }
    }
}
