using System.Security.Cryptography;
using System.Text.Json;
using Platform.Chain;
using Platform.Content;
using Platform.Events;
using static Platform.Storage.Tests.Situations;

namespace Platform.Storage.Tests;

public sealed class PinBatchMetadataTests(StorageHost host)
{
    [Fact]
    public async Task Pins_both_directories_and_announces_them()
    {
        var requested = ARequest(await PinnedAssetsAsync(3));

        await host.DeliverAsync(requested);

        var pinned = Assert.Single(PinnedOf(requested));
        Assert.Equal(
            ["0.json", "1.json", "2.json", "contract.json"], await NamesAsync(pinned.MetadataCid));
        Assert.Equal(["0.json", "1.json", "2.json"], await NamesAsync(pinned.CustodyCid));
    }

    [Fact]
    public async Task The_metadata_leads_to_the_image_and_to_the_custody_record_it_names_by_hash()
    {
        var assets = await PinnedAssetsAsync(2);
        var requested = ARequest(assets);
        await host.DeliverAsync(requested);
        var pinned = Assert.Single(PinnedOf(requested));

        var token = JsonDocument.Parse(await ReadAsync($"ipfs://{pinned.MetadataCid}/1.json")).RootElement;
        var custody = await ReadAsync(token.GetProperty("custody").GetProperty("uri").GetString()!);
        var image = await ReadAsync(token.GetProperty("image").GetString()!);

        Assert.Equal(token.GetProperty("custody").GetProperty("sha256").GetString(), ContentDigest.Of(custody));
        Assert.Equal(APicture(assets[1]), image);
        Assert.Equal(assets[1], JsonDocument.Parse(custody).RootElement.GetProperty("asset").GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task The_root_proves_each_custody_record_under_its_index()
    {
        var requested = ARequest(await PinnedAssetsAsync(5));
        await host.DeliverAsync(requested);
        var pinned = Assert.Single(PinnedOf(requested));

        var leaves = new List<Hash32>();
        for (var index = 0; index < 5; index++)
        {
            var record = await ReadAsync($"ipfs://{pinned.CustodyCid}/{index}.json");
            leaves.Add(CustodyLeaf.Hash(Hash32.Parse(requested.BatchId), (ulong)index, new Hash32(SHA256.HashData(record))));
        }

        Assert.All(Enumerable.Range(0, 5), index => Assert.True(MerkleTree.Verify(
            Hash32.Parse(pinned.CustodyRoot), leaves[index], MerkleTree.Proof(leaves, index))));
    }

    [Fact]
    public async Task Announces_the_same_however_often_it_is_asked()
    {
        var requested = ARequest(await PinnedAssetsAsync(2));

        await host.DeliverAsync(requested);
        await host.DeliverAsync(requested);
        await host.DeliverAsync(requested);

        var pinned = PinnedOf(requested);
        Assert.Equal(3, pinned.Count);
        Assert.Single(pinned.Distinct());
    }

    [Fact]
    public async Task A_redelivery_after_a_crash_makes_the_same_addresses()
    {
        var requested = ARequest(await PinnedAssetsAsync(4));
        await host.DeliverAsync(requested);
        await host.Get<Mongo.ServiceDatabase<StorageService>>().Collection<PinnedBatch>("directories")
            .DeleteOneAsync(MongoDB.Driver.Builders<PinnedBatch>.Filter.Eq(batch => batch.Id, requested.BatchId));

        await host.DeliverAsync(requested);

        var pinned = PinnedOf(requested);
        Assert.Equal(2, pinned.Count);
        Assert.Single(pinned.Select(each => (each.MetadataCid, each.CustodyCid, each.CustodyRoot)).Distinct());
    }

    [Fact]
    public async Task Is_made_once_when_it_is_asked_for_at_the_same_time()
    {
        var requested = ARequest(await PinnedAssetsAsync(3));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.DeliverAsync(requested)));

        Assert.Single(PinnedOf(requested).Distinct());
    }

    [Fact]
    public async Task Names_the_members_that_are_not_pinned()
    {
        var known = await PinnedAssetsAsync(2);
        var unknown = AnId();
        var requested = ARequest([known[0], unknown, known[1]]);

        await host.DeliverAsync(requested);

        var failed = Assert.Single(FailedOf(requested));
        Assert.Equal([unknown], failed.AssetIds);
        Assert.Equal($"Of batch {requested.BatchId}, 1 of 3 members are not pinned.", failed.Reason);
        Assert.Empty(PinnedOf(requested));
    }

    [Fact]
    public async Task Names_the_members_of_a_version_nobody_knows()
    {
        var known = await PinnedAssetsAsync(1);
        var lost = await PinnedAssetsAsync(1, version: 9);
        var requested = ARequest([.. known, .. lost]);

        await host.DeliverAsync(requested);

        Assert.Equal(lost, Assert.Single(FailedOf(requested)).AssetIds);
    }

    [Fact]
    public async Task Names_the_members_of_another_campaign()
    {
        var assets = await PinnedAssetsAsync(2);
        var requested = ARequest(assets) with { Campaign = "another" };

        await host.DeliverAsync(requested);

        Assert.Equal(assets, Assert.Single(FailedOf(requested)).AssetIds);
    }

    [Fact]
    public async Task Names_a_member_that_is_in_it_twice()
    {
        var assets = await PinnedAssetsAsync(2);
        var requested = ARequest([.. assets, assets[0]]);

        await host.DeliverAsync(requested);

        Assert.Equal([assets[0]], Assert.Single(FailedOf(requested)).AssetIds);
    }

    [Theory]
    [InlineData("0x12")]
    [InlineData("nonsense")]
    public async Task Refuses_what_is_no_batch_id(string id)
    {
        var requested = ARequest(await PinnedAssetsAsync(1)) with { BatchId = id };

        await host.DeliverAsync(requested);

        Assert.Contains("is no batch id", Assert.Single(FailedOf(requested)).Reason, StringComparison.Ordinal);
    }

    private static MetadataPinRequested ARequest(IReadOnlyList<Guid> assets) => new()
    {
        BatchId = ABatchId(AnId().ToString()),
        Campaign = Campaign,
        AssetIds = assets,
    };

    private async Task<IReadOnlyList<Guid>> PinnedAssetsAsync(int count, int version = 1)
    {
        var approvals = Enumerable.Range(0, count).Select(_ => AnApproval(version: version)).ToList();
        await Task.WhenAll(approvals.Select(async approved =>
        {
            await host.Get<IContentStore>().PutAsync(APicture(approved.AssetId), default);
            await host.DeliverAsync(approved);
        }));
        return [.. approvals.Select(approved => approved.AssetId)];
    }

    private async Task<IReadOnlyList<string>> NamesAsync(string cid) =>
        [.. (await new UnixFsReader(host.Get<IContentNetwork>()).ListAsync(Cid.Parse(cid), default)
            .ToListAsync()).Select(link => link.Name)];

    private async Task<byte[]> ReadAsync(string uri)
    {
        var reader = new UnixFsReader(host.Get<IContentNetwork>());
        await using var bytes = await reader.OpenAsync((await reader.ResolveAsync(uri, default)).Cid);
        using var read = new MemoryStream();
        await bytes.CopyToAsync(read);
        return read.ToArray();
    }

    private IReadOnlyList<MetadataPinned> PinnedOf(MetadataPinRequested requested) =>
        host.Wire.Published<MetadataPinned>(pinned => pinned.BatchId == requested.BatchId);

    private IReadOnlyList<MetadataPinFailed> FailedOf(MetadataPinRequested requested) =>
        host.Wire.Published<MetadataPinFailed>(failed => failed.BatchId == requested.BatchId);
}
