using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Events;
using Platform.Grpc.Webhooks;
using Platform.Mongo;

namespace Platform.Campaigns.Tests;

/// <summary>Campaign systems are told what became of their events, however they and we fare meanwhile.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private AStore? store;
    private AReceiver receiver = null!;

    [Fact]
    public async Task Tells_what_became_of_an_asset_signed_and_without_the_person()
    {
        await using var host = await StartAsync();
        var added = await AddAsync(host, receiver.At("/hook"));
        var asset = await HaveFailedAsync(host, "e-1");

        var told = await receiver.NextAsync();

        Assert.True(StandardWebhooks.Verify(
            told.Signature, [Convert.FromBase64String(added.Secret["whsec_".Length..])], told.Id, told.Timestamp, Samples.Utf8(told.Body)));
        var news = Samples.Json(told.Body);
        Assert.Equal(
            ("1.0", told.Id, "imprimatur.asset.failed.v1", $"{asset}"),
            (news.GetProperty("specversion").GetString(), news.GetProperty("id").GetString(),
                news.GetProperty("type").GetString(), news.GetProperty("subject").GetString()));
        var data = news.GetProperty("data");
        Assert.Equal(("failed", "one"), (data.GetProperty("status").GetString(), data.GetProperty("campaign").GetString()));
        Assert.Equal(["generation.refused", "no"], data.GetProperty("reasons").EnumerateArray().Select(each => each.GetString()));
        Assert.DoesNotContain(Samples.Recipient, told.Body, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("application/cloudevents+json", told.ContentType);
        await BecomesAsync(host, "delivered", 1);
    }

    [Fact]
    public async Task A_minted_token_is_told_by_its_name_and_a_repeated_announcement_is_one_delivery()
    {
        await using var host = await StartAsync();
        await AddAsync(host, receiver.At("/hook"));
        var asset = await AnAssetAsync(host, "e-1");
        await host.Workshop.Bus.Publish(Minted(asset));
        var told = await receiver.NextAsync();
        await host.Workshop.Bus.Publish(Minted(asset));
        var other = await HaveFailedAsync(host, "e-2");

        Assert.Contains($"eip155:31337/erc721:{Samples.Recipient}/7", told.Body);
        Assert.Contains($"{other}", (await receiver.NextAsync()).Body); // and no second of the first
        await Eventually.BecomesAsync(0L, () => UntoldAsync(host));
        Assert.Equal(2, receiver.Count);
    }

    [Fact]
    public async Task Tries_again_after_errors_and_a_redirect_is_one_and_is_not_followed()
    {
        await using var host = await StartAsync();
        await AddAsync(host, receiver.At("/hook"));
        receiver.Answer = told => receiver.Count switch { 1 => 500, 2 => 307, _ => 204 };
        await HaveFailedAsync(host, "e-1");

        var ids = new[] { await receiver.NextAsync(), await receiver.NextAsync(), await receiver.NextAsync() };

        Assert.Single(ids.Select(each => each.Id).Distinct());
        Assert.All(ids, each => Assert.Equal("/hook", each.Path));
        await BecomesAsync(host, "delivered", 1);
        Assert.Equal(3, Assert.Single(await DeliveriesAsync(host, "delivered")).Attempts);
    }

    [Fact]
    public async Task News_noted_before_a_crash_is_told_after_it()
    {
        Guid asset;
        await using (var first = await StartAsync(new Workshop(WithoutLoops)))
        {
            await AddAsync(first, receiver.At("/hook"));
            asset = await HaveFailedAsync(first, "e-1");
            await Eventually.BecomesAsync(1L, () => UntoldAsync(first));
        }

        Assert.Equal(0, receiver.Count);
        await using var second = await StartAsync();

        Assert.Contains($"{asset}", (await receiver.NextAsync()).Body);
        await Eventually.BecomesAsync(0L, () => UntoldAsync(second));
    }

    [Fact]
    public async Task What_was_given_up_is_listed_as_dead_and_replayed_under_its_own_id()
    {
        await using var host = await StartAsync(settings: ("Campaigns:Webhooks:GiveUpHours", "0.0001"));
        await AddAsync(host, receiver.At("/hook"));
        receiver.Answer = _ => 503;
        var asset = await HaveFailedAsync(host, "e-1");
        var first = await receiver.NextAsync();
        await BecomesAsync(host, "dead", 1);
        Assert.Equal("503", Assert.Single(await DeliveriesAsync(host, "dead")).LastAnswer);

        receiver.Answer = _ => 200;
        Assert.Equal(1, (await Client(host).ReplayAsync(new ReplayRequest { Dead = true })).Deliveries);
        await BecomesAsync(host, "delivered", 1);
        receiver.Drain();
        Assert.Equal(1, (await Client(host).ReplayAsync(new ReplayRequest { AssetId = $"{asset}" })).Deliveries);
        var again = await receiver.NextAsync();

        Assert.Equal((first.Id, first.Body), (again.Id, again.Body));
    }

    [Fact]
    public async Task An_endpoint_that_hangs_keeps_no_other_waiting()
    {
        await using var host = await StartAsync(settings: ("Campaigns:Webhooks:Concurrency", "1"));
        await AddAsync(host, receiver.At("/hang"));
        await AddAsync(host, receiver.At("/hook"));
        for (var number = 0; number < 5; number++)
        {
            await HaveFailedAsync(host, $"e-{number}");
        }

        var told = new List<Told>();
        while (told.Count(each => each.Path == "/hook") < 5)
        {
            told.Add(await receiver.NextAsync());
        }

        Assert.Single(told, each => each.Path == "/hang"); // its one place is taken until it has had its time
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_is_told_no_more_until_somebody_replays()
    {
        await using var host = await StartAsync();
        var added = await AddAsync(host, receiver.At("/hook"));
        receiver.Answer = _ => 410;
        await HaveFailedAsync(host, "e-1");
        await BecomesAsync(host, "dead", 1);
        await Eventually.BecomesAsync(true, async () =>
            (await Client(host).ListEndpointsAsync(new ListEndpointsRequest())).Endpoints.Single().DisabledAt is not null);
        receiver.Answer = _ => 200;

        Assert.Equal(1, (await Client(host).ReplayAsync(new ReplayRequest { EndpointId = added.Endpoint.Id, Dead = true })).Deliveries);

        await BecomesAsync(host, "delivered", 1);
    }

    [Theory]
    [InlineData("http://example.org/", "url: Use https; http is for localhost")]
    [InlineData("https://10.0.0.1/", "url: The address is in a private or reserved network")]
    [InlineData("https://[::ffff:169.254.169.254]/", "url: The address is in a private or reserved network")]
    [InlineData("https://a:b@example.org/", "url: Leave user, password and fragment out.")]
    [InlineData("ftp://example.org/", "url: Use https.")]
    [InlineData("nowhere", "url: Send an absolute address")]
    public async Task An_address_that_webhooks_may_not_go_to_is_refused(string url, string why)
    {
        await using var host = await StartAsync();

        var refused = await Assert.ThrowsAsync<RpcException>(() => AddAsync(host, url));

        Assert.StartsWith(why, refused.Status.Detail);
    }

    [Theory]
    [InlineData("hooks.example", "127.0.0.1", false)]
    [InlineData("hooks.example", "::ffff:127.0.0.1", false)]
    [InlineData("hooks.example", "192.168.1.1", false)]
    [InlineData("hooks.example", "fd00::1", false)]
    [InlineData("hooks.example", "fe80::1", false)]
    [InlineData("hooks.example", "64:ff9b::a00:1", false)]
    [InlineData("hooks.example", "2002:a00:1::", false)]
    [InlineData("hooks.example", "93.184.216.34", true)]
    [InlineData("hooks.example", "2606:2800:220:1::", true)]
    [InlineData("localhost", "127.0.0.1", true)]
    public void A_name_may_not_mean_what_only_we_can_reach(string host, string address, bool may) =>
        Assert.Equal(may, WebhookAddress.MayReach(host, System.Net.IPAddress.Parse(address), allowPrivate: false));

    [Fact]
    public async Task Where_nobody_listens_nothing_is_noted_and_no_secret_is_kept_in_clear_where_somebody_does()
    {
        await using var host = await StartAsync();
        await HaveFailedAsync(host, "e-1");
        Assert.Equal(0, await UntoldAsync(host));

        var added = await AddAsync(host, receiver.At("/hook?token=theirs"));
        await HaveFailedAsync(host, "e-2");
        await receiver.NextAsync();
        await BecomesAsync(host, "delivered", 1);

        var secret = added.Secret["whsec_".Length..];
        var kept = await host.Get<ServiceDatabase<CampaignsService>>()
            .Collection<BsonDocument>("webhookEndpoints").Find(_ => true).ToListAsync();
        Assert.True(Assert.Single(kept).ToBson().AsSpan().IndexOf(Convert.FromBase64String(secret)) < 0);
        Assert.DoesNotContain(secret, string.Join('\n', host.Logged));
        Assert.DoesNotContain("theirs", string.Join('\n', host.Logged));
    }

    public async ValueTask InitializeAsync() =>
        (store, receiver) = (await AStore.OpenAsync(), await AReceiver.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await receiver.DisposeAsync();
        await store!.DisposeAsync();
    }

    private static Webhooks.WebhooksClient Client(CampaignsHost host) => host.Get<Webhooks.WebhooksClient>();

    private static async Task<NewEndpoint> AddAsync(CampaignsHost host, string url) =>
        await Client(host).AddEndpointAsync(new AddEndpointRequest { Url = url });

    private static async Task<IReadOnlyList<Delivery>> DeliveriesAsync(CampaignsHost host, string state) =>
        (await Client(host).ListDeliveriesAsync(new ListDeliveriesRequest { State = state })).Deliveries;

    private static Task BecomesAsync(CampaignsHost host, string state, int count) =>
        Eventually.BecomesAsync(count, async () => (await DeliveriesAsync(host, state)).Count);

    private static Task<long> UntoldAsync(CampaignsHost host) => host.Get<ServiceDatabase<CampaignsService>>()
        .Collection<BsonDocument>("admissions").CountDocumentsAsync(Builders<BsonDocument>.Filter.Exists("state.untold"));

    private static async Task<Guid> AnAssetAsync(CampaignsHost host, string id) =>
        Assert.Single(await host.AcceptedAsync("one", CampaignsHost.AnEvent(id))).AssetId;

    private static async Task<Guid> HaveFailedAsync(CampaignsHost host, string id)
    {
        var asset = await AnAssetAsync(host, id);
        await host.Workshop.Bus.Publish(new GenerationFailed
        {
            AssetId = asset, Iteration = 0, Campaign = "one", Outcome = "refused", Reason = "no", FailedAt = DateTimeOffset.UnixEpoch,
        });
        await Eventually.BecomesAsync(Outcome.Failed, async () => (await host.Get<Admissions>().FindAsync(asset, default))!.State.Outcome);
        return asset;
    }

    private static TokenMinted Minted(Guid asset) => new()
    {
        AssetId = asset,
        Campaign = "one",
        Recipient = Samples.Recipient,
        ChainId = 31_337,
        Contract = Samples.Recipient,
        TokenId = "7",
        BatchId = "0x00",
        Index = 0,
        MetadataCid = "bafymetadata",
        CustodyCid = "bafycustody",
        TransactionHash = "0x01",
        BlockNumber = 1,
        BlockHash = "0x02",
        GasPerToken = 1,
        MintedAt = DateTimeOffset.UnixEpoch,
    };

    private static void WithoutLoops(IServiceCollection services)
    {
        foreach (var loop in services.Where(each =>
            each.ImplementationType == typeof(TellNews) || each.ImplementationType == typeof(DeliverWebhooks)).ToList())
        {
            services.Remove(loop);
        }
    }

    private async Task<CampaignsHost> StartAsync(Workshop? workshop = null, params (string Name, string Value)[] settings)
    {
        var host = await CampaignsHost.StartAsync(
            store!, workshop, [("Campaigns:Webhooks:FirstRetrySeconds", "0.1"), ("Campaigns:Webhooks:TimeoutSeconds", "20"), .. settings]);
        await host.PublishAsync("one");
        return host;
    }
}
