using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Content;
using Platform.Events;
using Platform.Mongo;
using SkiaSharp;
using static Platform.Moderation.Tests.Situations;

namespace Platform.Moderation.Tests;

public sealed class JudgeGeneratedAssetTests(ModerationHost host)
{
    [Fact]
    public async Task Approves_a_picture_that_decodes()
    {
        var asset = AnAsset(content: await KeepAsync(APng(1)));

        await host.DeliverAsync(asset);

        var approved = Assert.Single(ApprovedOf(asset));
        Assert.Equal((asset.Content, asset.Recipient, 3), (approved.Content, approved.Recipient, approved.CampaignVersion));
        Assert.Equal(("decode-only@1", "approved"),
            (approved.Custody.Decisions[^1].Policy, approved.Custody.Decisions[^1].Verdict));
    }

    [Fact]
    public async Task Judges_once_and_announces_the_same_however_often_it_is_delivered()
    {
        var asset = AnAsset(content: await KeepAsync(APng(2)));

        await host.DeliverAsync(asset);
        await host.DeliverAsync(asset);
        await host.DeliverAsync(asset);

        var approved = ApprovedOf(asset);
        Assert.Equal(3, approved.Count);
        Assert.Single(approved.Select(each => Json(each)).Distinct());
        Assert.Equal(1, await VersionOfAsync(asset));
    }

    [Fact]
    public async Task Judges_once_when_the_same_is_delivered_at_the_same_time()
    {
        var asset = AnAsset(content: await KeepAsync(APng(2)));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => host.DeliverAsync(asset)));

        Assert.Equal(50, ApprovedOf(asset).Count);
        Assert.Single(ApprovedOf(asset).Select(each => Json(each)).Distinct());
        Assert.Equal(1, await VersionOfAsync(asset));
    }

    [Fact]
    public async Task Needs_the_bytes_no_more_once_they_are_judged()
    {
        var asset = AnAsset(content: await KeepAsync(APng(31)));
        await host.DeliverAsync(asset);
        await host.Get<IContentStore>().DeleteAsync(asset.Content, default);

        await host.DeliverAsync(asset);

        Assert.Equal(2, ApprovedOf(asset).Count);
    }

    [Fact]
    public async Task One_that_fails_does_not_fail_the_others_at_the_same_time()
    {
        var content = await KeepAsync(APng(3));
        var corrupt = AnAsset(content: await KeepCorruptAsync(APng(32)));
        var good = Enumerable.Range(0, 40).Select(_ => AnAsset(content: content)).ToList();

        var failing = host.DeliverAsync(corrupt);
        await Task.WhenAll(good.Select(each => host.DeliverAsync(each)));

        await Assert.ThrowsAsync<CorruptContentException>(() => failing);
        Assert.All(good, each => Assert.Single(ApprovedOf(each)));
        Assert.Empty(host.Wire.Published<AssetRejected>(each => each.AssetId == corrupt.AssetId));
    }

    [Fact]
    public async Task Each_announcement_continues_its_own_messages_trace()
    {
        var content = await KeepAsync(APng(4));
        var assets = Enumerable.Range(0, 30).Select(_ => AnAsset(content: content)).ToList();

        await Task.WhenAll(assets.Select((asset, index) => host.DeliverAsync(asset, $"00-{index + 1:x32}-00000000000000aa-01")));

        Assert.All(assets, asset => Assert.Equal(
            $"00-{assets.IndexOf(asset) + 1:x32}",
            host.Wire.TraceOf<AssetApproved>(each => each.AssetId == asset.AssetId)![..35]));
    }

    [Theory]
    [InlineData("decode-only@1")]
    [InlineData("brand-safe@1")]
    [InlineData("human-review@1")]
    public async Task Rejects_what_does_not_decode_under_any_policy(string policy)
    {
        var asset = AnAsset(policy, await KeepAsync(APng(5)[..1_000]));

        await host.DeliverAsync(asset);

        Assert.Equal(["image.undecodable"], Assert.Single(RejectedOf(asset)).Reasons);
    }

    [Fact]
    public async Task Rejects_under_a_policy_nobody_published()
    {
        var asset = AnAsset("brand-safe@99", await KeepAsync(APng(6)));

        await host.DeliverAsync(asset);

        Assert.Equal(["policy.unknown"], Assert.Single(RejectedOf(asset)).Reasons);
    }

    [Fact]
    public async Task Brand_safe_reads_the_prompt_and_names_the_rule_only()
    {
        var asset = AnAsset("brand-safe@1", await KeepAsync(APng(7)), prompt: "a n4zi parade", campaign: ACampaign());

        await host.DeliverAsync(asset);

        Assert.Equal(["prompt.hate"], Assert.Single(RejectedOf(asset)).Reasons);
    }

    [Fact]
    public async Task Brand_safe_has_a_person_look_at_what_only_may_be_wrong()
    {
        var asset = AnAsset("brand-safe@1", await KeepAsync(APng(8)), prompt: "a Disney castle", campaign: ACampaign());

        await host.DeliverAsync(asset);
        await host.DeliverAsync(asset);

        var waiting = WaitingOf(asset);
        Assert.Equal(2, waiting.Count);
        Assert.All(waiting, each => Assert.Equal(["prompt.trademark"], each.Reasons));
        Assert.Equal(1, await VersionOfAsync(asset));
    }

    [Fact]
    public async Task Brand_safe_rejects_a_blank_picture_and_approves_a_good_one()
    {
        var campaign = ACampaign();
        var blank = AnAsset("brand-safe@1", await KeepAsync(ABlankPng()), campaign: campaign);
        var good = AnAsset("brand-safe@1", await KeepAsync(APng(9)), campaign: campaign);

        await host.DeliverAsync(blank);
        await host.DeliverAsync(good);

        Assert.Equal(["image.blank"], Assert.Single(RejectedOf(blank)).Reasons);
        Assert.Single(ApprovedOf(good));
    }

    [Fact]
    public async Task The_second_of_two_near_duplicates_waits_for_a_person_and_the_first_goes_on()
    {
        var campaign = ACampaign();
        var png = APng(10);
        var first = AnAsset("brand-safe@1", await KeepAsync(png), campaign: campaign);
        var second = AnAsset(
            "brand-safe@1", await KeepAsync(Scale(png, 200, 200, SKEncodedImageFormat.Jpeg, 75)), campaign: campaign);

        await host.DeliverAsync(first);
        await host.DeliverAsync(second);
        await host.DeliverAsync(first);

        Assert.Equal(2, ApprovedOf(first).Count);
        Assert.Equal(["image.near-duplicate"], Assert.Single(WaitingOf(second)).Reasons);
    }

    [Fact]
    public async Task Decode_only_keeps_no_fingerprint_and_minds_no_duplicate()
    {
        var content = await KeepAsync(ABlankPng());
        var assets = Enumerable.Range(0, 3).Select(_ => AnAsset(content: content, prompt: "what the fuck")).ToList();

        await Task.WhenAll(assets.Select(each => host.DeliverAsync(each)));

        Assert.All(assets, each => Assert.Single(ApprovedOf(each)));
        Assert.Equal(0, await host.Get<ServiceDatabase<ModerationService>>()
            .Collection<BsonDocument>("fingerprints")
            .CountDocumentsAsync(Builders<BsonDocument>.Filter.In("_id", assets.Select(each => ToBson(each.AssetId)))));
    }

    [Fact]
    public async Task A_newer_iteration_is_judged_anew_and_an_older_one_ignored()
    {
        var refused = AnAsset(content: await KeepAsync(APng(11)[..900]));
        var refined = refused with { Iteration = 1, Content = await KeepAsync(APng(12)) };

        await host.DeliverAsync(refused);
        await host.DeliverAsync(refined);
        await host.DeliverAsync(refused);

        Assert.Single(RejectedOf(refused));
        Assert.Equal(1, Assert.Single(ApprovedOf(refined)).Iteration);
    }

    private static BsonBinaryData ToBson(Guid id) => new(id, GuidRepresentation.Standard);

    private async Task<string> KeepAsync(byte[] bytes) => await host.Get<IContentStore>().PutAsync(bytes, default);

    private async Task<string> KeepCorruptAsync(byte[] bytes)
    {
        var digest = await KeepAsync(bytes);
        var path = Directory.EnumerateFiles(host.Data, digest, SearchOption.AllDirectories).Single();
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        return digest;
    }

    private async Task<long> VersionOfAsync(GenerationCompleted asset) =>
        (await host.Get<Cases>().Documents.Collection.Find(each => each.Id == asset.AssetId).SingleAsync()).Version;

    private IReadOnlyList<AssetApproved> ApprovedOf(GenerationCompleted asset) =>
        host.Wire.Published<AssetApproved>(each => each.AssetId == asset.AssetId);

    private IReadOnlyList<AssetRejected> RejectedOf(GenerationCompleted asset) =>
        host.Wire.Published<AssetRejected>(each => each.AssetId == asset.AssetId);

    private IReadOnlyList<AssetWaiting> WaitingOf(GenerationCompleted asset) =>
        host.Wire.Published<AssetWaiting>(each => each.AssetId == asset.AssetId);
}
