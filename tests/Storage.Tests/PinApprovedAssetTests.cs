using MongoDB.Driver;
using Platform.Content;
using Platform.Events;
using Platform.Mongo;
using static Platform.Storage.Tests.Situations;

namespace Platform.Storage.Tests;

public sealed class PinApprovedAssetTests(StorageHost host)
{
    [Fact]
    public async Task Pins_an_approved_asset_and_announces_its_address()
    {
        var approved = AnApproval();
        await KeepAsync(APicture(approved.AssetId));

        await host.DeliverAsync(approved);

        var pinned = Assert.Single(PinnedOf(approved));
        Assert.Equal(ContentDigest.ToRawCid(approved.Content).ToString(), pinned.Cid);
        Assert.Equal(20_000, pinned.Size);
        Assert.Equal((approved.Iteration, approved.Campaign, 1, approved.Recipient, approved.Content),
            (pinned.Iteration, pinned.Campaign, pinned.CampaignVersion, pinned.Recipient, pinned.Content));
    }

    [Fact]
    public async Task Pins_once_however_often_the_approval_is_delivered()
    {
        var approved = AnApproval();
        await KeepAsync(APicture(approved.AssetId));

        await host.DeliverAsync(approved);
        await host.DeliverAsync(approved);
        await host.DeliverAsync(approved);

        var pinned = PinnedOf(approved);
        Assert.Equal(3, pinned.Count);
        Assert.Single(pinned.Distinct()); // the time of pinning among it
    }

    [Fact]
    public async Task Pins_once_when_the_same_approval_is_delivered_at_the_same_time()
    {
        var approved = AnApproval();
        await KeepAsync(APicture(approved.AssetId));

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => host.DeliverAsync(approved)));

        Assert.Single(PinnedOf(approved).Distinct());
    }

    [Fact]
    public async Task Needs_the_bytes_no_more_once_they_are_pinned()
    {
        var approved = AnApproval();
        await KeepAsync(APicture(approved.AssetId));
        await host.DeliverAsync(approved);
        await host.Get<IContentStore>().DeleteAsync(approved.Content, default);

        await host.DeliverAsync(approved);

        Assert.Equal(2, PinnedOf(approved).Count);
        Assert.Empty(FailedOf(approved));
    }

    [Fact]
    public async Task Says_why_when_the_bytes_are_missing()
    {
        var approved = AnApproval();

        await host.DeliverAsync(approved);

        Assert.Empty(PinnedOf(approved));
        Assert.Equal($"Content {approved.Content} is not in the store.", Assert.Single(FailedOf(approved)).Reason);
    }

    [Theory]
    [InlineData(20_000)]
    [InlineData(3 << 20)]
    public async Task Says_why_when_the_bytes_are_others(int size)
    {
        var id = AnId();
        var approved = AnApproval(id, content: await KeepAsync(APicture(id, size)));
        var path = Path.Combine(host.Data, "content", approved.Content[..2], approved.Content[2..4], approved.Content);
        await using (var file = File.OpenWrite(path))
        {
            file.Position = size / 2;
            file.WriteByte(0x42);
            file.WriteByte(0x43);
        }

        await host.DeliverAsync(approved);

        Assert.Empty(PinnedOf(approved));
        Assert.Equal($"The bytes kept as {approved.Content} have another digest.", Assert.Single(FailedOf(approved)).Reason);
    }

    [Fact]
    public async Task Says_why_when_the_content_is_no_digest()
    {
        var approved = AnApproval(content: "../../etc/passwd");

        await host.DeliverAsync(approved);

        Assert.StartsWith("'../../etc/passwd' is no digest", Assert.Single(FailedOf(approved)).Reason);
    }

    [Fact]
    public async Task A_member_that_fails_takes_no_other_with_it()
    {
        var approvals = Enumerable.Range(0, 40).Select(_ => AnApproval()).ToList();
        foreach (var approved in approvals.Skip(1))
        {
            await KeepAsync(APicture(approved.AssetId));
        }

        await Task.WhenAll(approvals.Select(approved => host.DeliverAsync(approved)));

        Assert.Single(FailedOf(approvals[0]));
        Assert.All(approvals.Skip(1), approved => Assert.Single(PinnedOf(approved)));
    }

    [Fact]
    public async Task A_member_that_the_disk_refuses_is_tried_again_while_the_others_go_on()
    {
        var approvals = Enumerable.Range(0, 10).Select(_ => AnApproval()).ToList();
        foreach (var approved in approvals)
        {
            await KeepAsync(APicture(approved.AssetId));
        }

        var cid = ContentDigest.ToRawCid(approvals[0].Content).ToString();
        var inTheWay = Path.Combine(host.Data, "ipfs", cid[^3..^1], $"{cid}.car");
        Directory.CreateDirectory(inTheWay);

        var delivered = Task.WhenAll(approvals.Select(approved => host.DeliverAsync(approved)));
        foreach (var approved in approvals.Skip(1))
        {
            await host.Wire.HeardAsync<AssetPinned>(pinned => pinned.AssetId == approved.AssetId);
        }

        Assert.Empty(PinnedOf(approvals[0]));
        Directory.Delete(inTheWay);
        await delivered;

        Assert.All(approvals, approved => Assert.Single(PinnedOf(approved).Distinct()));
        Assert.Empty(FailedOf(approvals[0]));
    }

    [Fact]
    public async Task A_newer_iteration_takes_the_place_of_an_older_one()
    {
        var id = AnId();
        var first = AnApproval(id, 0, await KeepAsync(APicture(AnId())));
        var second = AnApproval(id, 1, await KeepAsync(APicture(AnId())));

        await host.DeliverAsync(first);
        await host.DeliverAsync(second);
        await host.DeliverAsync(first);

        Assert.Equal([0, 1], PinnedOf(first).Select(each => each.Iteration));
        Assert.Equal(second.Content, (await host.Get<PinnedAssets>().FindAsync(id, default))!.Content);
    }

    [Fact]
    public async Task Keeps_all_that_the_records_are_written_from()
    {
        var approved = AnApproval();
        await KeepAsync(APicture(approved.AssetId));
        await host.DeliverAsync(approved);

        var kept = (await host.Get<PinnedAssets>().FindAsync(approved.AssetId, default))!;

        Assert.Equal(
            CustodyRecord.Of(APin(approved.AssetId), ADefinition(), ABatchId(), 0).ToBytes(),
            CustodyRecord.Of(kept, ADefinition(), ABatchId(), 0).ToBytes());
    }

    [Fact]
    public async Task Announces_within_the_trace_of_each_approval()
    {
        var approvals = Enumerable.Range(0, 10).Select(_ => AnApproval()).ToList();
        foreach (var approved in approvals)
        {
            await KeepAsync(APicture(approved.AssetId));
        }

        await Task.WhenAll(approvals.Select(approved => host.DeliverAsync(approved, TraceParent(approved))));

        Assert.All(approvals, approved => Assert.StartsWith(
            TraceParent(approved)[..36], host.Wire.TraceOf<AssetPinned>(pinned => pinned.AssetId == approved.AssetId)));
    }

    [Fact]
    public async Task Pins_a_large_asset_as_many_blocks()
    {
        var id = AnId();
        var picture = APicture(id, (3 << 20) + 1);
        var approved = AnApproval(id, content: await KeepAsync(picture));

        await host.DeliverAsync(approved);

        var cid = Cid.Parse(Assert.Single(PinnedOf(approved)).Cid);
        Assert.Equal(UnixFsFile.Import(picture, UnixFsProfile.V1_2025).Cid, cid);
        await using var bytes = await new UnixFsReader(host.Get<IContentNetwork>()).OpenAsync(cid);
        using var read = new MemoryStream();
        await bytes.CopyToAsync(read);
        Assert.Equal(picture, read.ToArray());
    }

    [Fact]
    public async Task Pins_again_what_a_crash_left_without_an_index()
    {
        var approved = AnApproval();
        await KeepAsync(APicture(approved.AssetId));
        var store = host.Get<IContentStore>();
        await host.Get<IContentNetwork>().StageAsync(
            async (sink, cancellation) => await UnixFsFile.ImportAsync(
                await store.OpenAsync(approved.Content, cancellation), UnixFsProfile.V1_2025, sink, cancellation),
            default);

        await host.DeliverAsync(approved);

        var cid = Cid.Parse(Assert.Single(PinnedOf(approved)).Cid);
        await host.Get<IContentNetwork>().ReadBackAsync(cid, default);
    }

    private static string TraceParent(AssetApproved approved) => $"00-{approved.AssetId:N}-00000000000000a1-01";

    private Task<string> KeepAsync(byte[] picture) => host.Get<IContentStore>().PutAsync(picture, default);

    private IReadOnlyList<AssetPinned> PinnedOf(AssetApproved approved) =>
        host.Wire.Published<AssetPinned>(pinned => pinned.AssetId == approved.AssetId);

    private IReadOnlyList<AssetPinFailed> FailedOf(AssetApproved approved) =>
        host.Wire.Published<AssetPinFailed>(failed => failed.AssetId == approved.AssetId);
}
