using System.Net;
using System.Text.Json.Nodes;
using MassTransit;
using Platform.Events;
using Platform.Grpc.Campaigns;

namespace Platform.Campaigns.Tests;

/// <summary>Events in: each once, whole or not at all, and refused only past the disk budget.</summary>
public sealed class AdmittingTests : IAsyncLifetime
{
    private AStore? store;

    [Fact]
    public async Task Of_one_event_sent_many_times_at_once_comes_one_asset()
    {
        await using var host = await CampaignsHost.StartAsync(store!);
        await host.PublishAsync("one", budget: 3);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
            host.AcceptedAsync("one", CampaignsHost.AnEvent("e"))));

        Assert.Single(answers.SelectMany(each => each).DistinctBy(each => each.AssetId));
        Assert.Single((await host.Client.ListAssetsAsync(new ListAssetsRequest { Campaign = "one" })).Assets);
        await host.AcceptedAsync("one", CampaignsHost.AnEvent("second"));
        await host.AcceptedAsync("one", CampaignsHost.AnEvent("third")); // the budget was taken once for each
        Assert.Equal(HttpStatusCode.Conflict, (await host.PostAsync("one", CampaignsHost.AnEvent("fourth"))).StatusCode);
    }

    [Fact]
    public async Task Of_two_bodies_under_one_id_sent_at_once_one_is_admitted_and_the_other_refused()
    {
        await using var host = await CampaignsHost.StartAsync(store!);
        await host.PublishAsync("one");

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(number =>
            host.PostAsync("one", CampaignsHost.AnEvent("e", subject: number % 2 == 0 ? "Ada" : "Bob"))));

        Assert.Equal(20, answers.Count(each => each.StatusCode == HttpStatusCode.Accepted));
        Assert.Equal(20, answers.Count(each => each.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Requests_of_one_command_are_refused_one_by_one()
    {
        await using var host = await CampaignsHost.StartAsync(store!);
        await host.PublishAsync("budgeted", budget: 5);
        await host.PublishAsync("free");

        var budgeted = await Task.WhenAll(Enumerable.Range(0, 12).Select(number =>
            host.PostAsync("budgeted", CampaignsHost.AnEvent($"b-{number}"))));
        var free = await Task.WhenAll(Enumerable.Range(0, 12).Select(number =>
            host.PostAsync("free", CampaignsHost.AnEvent($"f-{number}"))));

        Assert.Equal(5, budgeted.Count(each => each.StatusCode == HttpStatusCode.Accepted));
        Assert.Equal(7, budgeted.Count(each => each.StatusCode == HttpStatusCode.Conflict));
        Assert.All(free, each => Assert.Equal(HttpStatusCode.Accepted, each.StatusCode));
        Assert.Equal(5, (await host.Client.ListAssetsAsync(new ListAssetsRequest { Campaign = "budgeted" })).Assets.Count);
    }

    [Fact]
    public async Task A_campaign_that_was_paused_before_its_first_event_still_has_its_budget()
    {
        await using var host = await CampaignsHost.StartAsync(store!);
        await host.PublishAsync("one", budget: 1);
        await host.Client.PauseCampaignAsync(new PauseCampaignRequest { Name = "one" });
        Assert.Equal(HttpStatusCode.Conflict, (await host.PostAsync("one", CampaignsHost.AnEvent("e"))).StatusCode);
        await host.Client.ResumeCampaignAsync(new ResumeCampaignRequest { Name = "one" });

        Assert.Equal(HttpStatusCode.Accepted, (await host.PostAsync("one", CampaignsHost.AnEvent("e"))).StatusCode);
    }

    [Fact]
    public async Task Another_replica_sees_a_pause_and_a_new_version_within_two_seconds()
    {
        await using var one = await CampaignsHost.StartAsync(store!);
        await using var two = await CampaignsHost.StartAsync(store!);
        await one.PublishAsync("one");
        await two.AcceptedAsync("one", CampaignsHost.AnEvent("before"));

        await one.Client.PauseCampaignAsync(new PauseCampaignRequest { Name = "one" });
        var paused = System.Diagnostics.Stopwatch.StartNew();
        await Eventually.BecomesAsync(
            HttpStatusCode.Conflict, async () => (await two.PostAsync("one", CampaignsHost.AnEvent("before"))).StatusCode);

        Assert.InRange(paused.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10)); // one second, and a busy machine
    }

    [Fact]
    public async Task Refuses_past_the_disk_budget_with_the_time_to_come_back_and_never_before()
    {
        // 1 MiB holds 349 of the documents that are expected before one was measured.
        await using var host = await CampaignsHost.StartAsync(
            store!, null, ("Campaigns:Window", "64"), ("Campaigns:DiskBudgetMiB", "1"));
        await host.PublishAsync("one");

        await host.AcceptedAsync("one", CampaignsHost.Events("a", 300));
        using var refused = await host.PostAsync("one", CampaignsHost.Events("b", 900));
        var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!;

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Assert.Equal(429, (int)problem["status"]!);
        Assert.Equal(300, (await host.Client.GetProgressAsync(new GetProgressRequest { Campaign = "one" })).Received);

        await host.Workshop.WorkUntilAsync(300);
        await Eventually.BecomesAsync(
            HttpStatusCode.Accepted, async () => (await host.PostAsync("one", CampaignsHost.Events("b", 300))).StatusCode);
    }

    [Fact]
    public async Task Refuses_while_too_little_of_the_disk_is_free()
    {
        await using var host = await CampaignsHost.StartAsync(store!, null, ("Campaigns:FreeDiskMiB", "1000000"));
        Assert.SkipWhen(new DriveInfo(store!.Data).AvailableFreeSpace > 1_000_000L * 1024 * 1024, "This disk has a terabyte free.");
        await host.PublishAsync("one");

        Assert.Equal(HttpStatusCode.TooManyRequests, (await host.PostAsync("one", CampaignsHost.AnEvent("e"))).StatusCode);
    }

    [Fact]
    public async Task An_event_of_the_bus_that_finds_no_room_comes_back_until_there_is_some()
    {
        await using var host = await CampaignsHost.StartAsync(
            store!, null, ("Campaigns:Window", "4"), ("Campaigns:DiskBudgetMiB", "0"));
        await host.PublishAsync("one");
        var events = Enumerable.Range(0, 4).Select(number => new PersonalizationRequested
        {
            Campaign = "one",
            Source = "/crm",
            EventId = $"e-{number}",
            Recipient = Samples.Recipient,
            Subject = $"s-{number}",
            Facts = Samples.FactsOf("""{"city":"Lisbon"}"""),
        });

        foreach (var each in events)
        {
            await host.Workshop.Bus.Publish(each);
        }

        await host.Workshop.WorkUntilAsync(4);
        Assert.Equal(4, (await host.Client.ListAssetsAsync(new ListAssetsRequest { Campaign = "one" })).Assets.Count);
    }

    public async ValueTask InitializeAsync() => store = await AStore.OpenAsync();

    public async ValueTask DisposeAsync() => await store!.DisposeAsync();
}
