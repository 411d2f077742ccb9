using MongoDB.Bson;

namespace Platform.Auditor.Tests;

/// <summary>A platform without a fault, and faults in what became of accepted events.</summary>
public sealed class AcceptedEventTests(World world)
{
    private static readonly Guid Stranger = Guid.Parse("11111111-2222-8333-8444-555555555555");

    [Fact]
    public async Task Finds_nothing_wrong_with_a_platform_that_did_its_work()
    {
        var report = await world.AuditAsync();

        report.AssertHolds();
        Assert.Equal(10, report["accepted"]);
        Assert.Equal(10, report["assets"]);
        Assert.Equal((8, 1, 1), (report["minted"], report["rejected"], report["waiting"]));
        Assert.Equal((8, 8, 8), (report["tokens"], report["records"], report["holdings"]));
        Assert.Equal((0, 0, 0), (report["lost"], report["doubled"], report["orphans"]));
        Assert.True(report["batches"] >= 2, AuditPrinter.ToText(report));
    }

    [Fact]
    public async Task Takes_campaigns_word_where_no_answers_are_given()
    {
        var report = await world.AuditByAsync(null);

        Assert.Equal(10, report["accepted"]);
        report.AssertHolds();
    }

    [Fact]
    public async Task Names_an_accepted_event_without_an_asset_and_the_token_that_nobody_accepted()
    {
        var lost = world.Answers[0];
        var token = await world.AssetAsync(lost.AssetId);

        await world.WithoutAsync("campaigns", "admissions", World.OfAsset(lost.AssetId), async _ =>
        {
            var report = await world.AuditAsync();

            report.AssertNames("event.lost", lost.Event);
            report.AssertNames("token.orphan", $"{token.Contract}/{token.TokenId}");
            report.AssertNames("generation.unknown", lost.AssetId);
            Assert.Equal((1, 1), (report["lost"], report["orphans"]));
        });
    }

    [Fact]
    public async Task Names_an_event_that_was_answered_two_assets()
    {
        var twice = world.Answers[0];

        (await world.AuditAsync([.. world.Answers, twice with { AssetId = Stranger }]))
            .AssertNames("event.doubled", twice.Event);
    }

    [Fact]
    public async Task Takes_the_same_answer_twice_for_a_publisher_that_sent_twice() =>
        (await world.AuditAsync([.. world.Answers, .. world.Answers])).AssertHolds();

    [Fact]
    public async Task Names_two_events_that_were_answered_one_asset()
    {
        var shared = world.Answers[0];

        (await world.AuditAsync([.. world.Answers, shared with { Event = "another" }]))
            .AssertNames("event.shared", shared.AssetId);
    }

    [Fact]
    public async Task Names_an_event_that_lacks_a_variant_and_the_asset_that_nobody_was_answered()
    {
        var lacking = world.Answers[0];

        var report = await world.AuditAsync([.. world.Answers.Skip(1)]);

        report.AssertNames("event.variants", lacking.Event);
        report.AssertNames("asset.unaccepted", lacking.AssetId);
    }

    [Fact]
    public async Task Names_an_asset_that_did_not_end()
    {
        var asset = world.MintedAssets[0];

        await world.WithAsync(
            "campaigns",
            "admissions",
            World.OfAsset(asset),
            document =>
            {
                document["state"]["outcome"] = "Stalled";
                document["state"]["nextCheckAt"] = new BsonDateTime(TimeProvider.System.GetUtcNow().AddDays(1).UtcDateTime);
            },
            async () =>
            {
                var report = await world.AuditAsync();

                report.AssertNamesOnly("asset.unfinished", asset);
                Assert.Equal(1, report["unfinished"]);
            });
    }
}
