using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Platform.Embedded;
using Platform.Grpc.Campaigns;

namespace Platform.EndToEnd.Tests;

/// <summary>Every service as processes of its own on a real RabbitMQ: killed, replaced, doubled, and nothing lost or doubled.</summary>
public sealed class ProcessesTests : EndToEndTest
{
    private const string Campaign = "apart";

    // News of what a lost message left behind comes before anybody loses patience.
    private static readonly string[] Settings =
        ["--set", "Campaigns__FirstCheckSeconds=15", "--set", "Minting__MaxBatch=100", "--linger", "500"];

    [Fact]
    public Task Five_hundred_events_survive_thirty_kills_and_two_broker_restarts() => SurviveAsync(Seed(), events: 500, kills: 30);

    [Theory]
    [InlineData("one")]
    [InlineData("two")]
    [InlineData("three")]
    public Task Five_hundred_events_survive_kills_in_other_orders(string seed)
    {
        Assert.SkipUnless(IsLong, "Set PLATFORM_TEST_LONG=true for more orders of kills.");
        return SurviveAsync(seed, events: 500, kills: 30);
    }

    [Fact]
    public async Task A_rolling_restart_of_every_service_loses_no_event_and_shows_no_error_to_a_publisher()
    {
        var fleet = await StartAsync(replicas: 2, "--set", "Platform__DrainSeconds=1");
        var publisher = new Publisher(fleet.Supervisor, Campaign);
        using var rolled = new CancellationTokenSource();

        var sending = publisher.SendAsync(
            Situations.Events(5_000, "rolled"), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60), rolled.Token);
        await fleet.RollAsync(TimeSpan.FromMinutes(6));
        await rolled.CancelAsync();
        await sending;

        Tell($"replaced every process while {publisher.Accepted.Count} events were accepted");
        Assert.Empty(publisher.Refusals);
        await SettleAsync(fleet, publisher.Accepted.Count);
        await AuditAsync(fleet, publisher);
    }

    private async Task SurviveAsync(string seed, int events, int kills)
    {
        var draws = 0;
        int Draw(int below) => (int)(BinaryPrimitives.ReadUInt32BigEndian(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}|{draws++}"))) % (uint)below);
        Tell($"seed {seed}");
        var fleet = await StartAsync(replicas: 1);
        var publisher = new Publisher(fleet.Supervisor, Campaign);
        var sent = Situations.Events(events, $"kill-{seed}");
        var began = TimeProvider.System.GetUtcNow();

        var sending = publisher.SendAsync(sent, TimeSpan.FromMilliseconds(120), TimeSpan.FromMinutes(3), CancellationToken.None);
        for (var kill = 0; kill < kills; kill++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1_000 + Draw(1_600)));
            if (kill == kills / 3)
            {
                await fleet.StopBrokerAsync();
                Tell("stopped the broker");
            }
            else if (kill == 2 * kills / 3)
            {
                fleet.Kill("rabbitmq", 0);
                Tell("killed the broker");
            }

            string service;
            do
            {
                service = Fleet.Services[Draw(Fleet.Services.Count)];
                await Task.Delay(50); // One that is just dead is started again first.
            }
            while (!fleet.Kill(service, Draw(8)));
            Tell($"kill {kill + 1}: {service}");
        }

        await sending;
        Tell($"{publisher.Accepted.Count} accepted after {TimeProvider.System.GetUtcNow() - began}; sent again {publisher.Refusals.Count} times");
        await SettleAsync(fleet, events);
        Tell($"all minted after {TimeProvider.System.GetUtcNow() - began}");
        await AuditAsync(fleet, publisher);
    }

    private async Task<Fleet> StartAsync(int replicas, params string[] more)
    {
        Assert.SkipWhen(RabbitMqNode.FindInstalled() is null, "No rabbitmq-server is installed: processes mode needs one.");
        var run = Start(
            AFolder(), Fleet.APort(), ["processes", "--quiet", "--replicas", $"{replicas}", .. Settings, .. more]);
        await run.SaysAsync("is serving in", TimeSpan.FromMinutes(3));
        await Situations.PublishCampaignAsync(run, Situations.ACampaign(Campaign));
        return new Fleet(run);
    }

    private static Task SettleAsync(Fleet fleet, int expected) => UntilAsync(
        async () =>
        {
            var progress = await fleet.Supervisor.Campaigns.GetProgressAsync(
                new GetProgressRequest { Campaign = Campaign }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(20));
            return progress.Minted == expected ? null : $"{progress}";
        },
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMilliseconds(500));

    /// <summary>By the auditor, from what the publisher was answered: as many tokens as events, nothing doubled, nothing orphaned.</summary>
    private async Task AuditAsync(Fleet fleet, Publisher publisher)
    {
        var answers = Path.Combine(fleet.Supervisor.Data, "answers.ndjson");
        await File.WriteAllLinesAsync(answers, publisher.Accepted.Select(each => new JsonObject
        {
            ["event"] = each.Key,
            ["variant"] = "default",
            ["assetId"] = each.Value,
        }.ToJsonString()));
        var audit = Start(fleet.Supervisor.Data, fleet.Supervisor.Port, ["audit", "--json", "--wait", "60", "--answers", answers]);
        var code = await audit.EndsAsync();
        Tell(audit.Output);
        Assert.True(code == 0, $"{audit.Output}\n{audit.Errors}");
        var counts = JsonNode.Parse(audit.Output)!["counts"]!;
        Assert.Equal(publisher.Accepted.Count, counts["tokens"]!.GetValue<int>());
    }

    private static string Seed() => System.Environment.GetEnvironmentVariable("PLATFORM_TEST_SEED")
        ?? (TimeProvider.System.GetTimestamp() & 0xFFFFFF).ToString(CultureInfo.InvariantCulture);
}
