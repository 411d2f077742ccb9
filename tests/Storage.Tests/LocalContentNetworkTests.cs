using Microsoft.Extensions.Options;
using Platform.Content;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Storage.Tests;

public sealed class LocalContentNetworkTests(StorageHost host) : ContentNetworkContract
{
    private protected override IContentNetwork Network => host.Get<IContentNetwork>();

    private protected override IContentNetwork Restarted() => new LocalContentNetwork(
        new BlockIndex(host.Get<ServiceDatabase<StorageService>>()), host.Get<IOptions<PlatformOptions>>());

    [Theory]
    [InlineData(10)]
    [InlineData((2 << 20) + 5)]
    public async Task Keeps_each_pin_as_a_CAR_that_any_reader_verifies(int size)
    {
        var bytes = AFile(size);
        var root = await PinAsync(bytes);

        await using var file = File.OpenRead(PathOf(root.Cid));
        var car = await CarReader.OpenAsync(file, default);
        var blocks = await car.ReadAsync(default).CountAsync();

        Assert.Equal([root.Cid], car.Roots);
        Assert.Equal(root.Blocks, blocks);
    }

    [Fact]
    public async Task Writes_a_block_that_comes_twice_once()
    {
        var root = await PinAsync(new byte[5 << 20]); // five equal leaves and their node

        await using var file = File.OpenRead(PathOf(root.Cid));
        var car = await CarReader.OpenAsync(file, default);

        Assert.Equal(2, await car.ReadAsync(default).CountAsync());
    }

    [Fact]
    public async Task Finds_out_at_reading_back_that_a_byte_has_changed()
    {
        var root = await PinAsync(AFile(5000));
        await DamageAsync(root.Cid);

        var fault = await Assert.ThrowsAsync<ContentNetworkUnavailableException>(
            () => Network.ReadBackAsync(root.Cid, default));

        Assert.Equal($"{root.Cid} could not be read back: block {root.Cid} is missing or damaged.", fault.Message);
    }

    [Fact]
    public async Task Finds_out_at_reading_back_that_a_CAR_was_cut_off()
    {
        var root = await PinAsync(AFile(5000));
        await using (var file = File.OpenWrite(PathOf(root.Cid)))
        {
            file.SetLength(3000);
        }

        await Assert.ThrowsAsync<ContentNetworkUnavailableException>(() => Network.ReadBackAsync(root.Cid, default));
    }

    [Fact]
    public async Task Finds_out_at_reading_back_that_a_CAR_is_gone()
    {
        var root = await PinAsync(AFile(5000));
        File.Delete(PathOf(root.Cid));

        await Assert.ThrowsAsync<ContentNetworkUnavailableException>(() => Network.ReadBackAsync(root.Cid, default));
    }

    [Fact]
    public async Task Pinning_again_heals()
    {
        var bytes = AFile(5000);
        var root = await PinAsync(bytes);
        await DamageAsync(root.Cid);

        await PinAsync(bytes);

        await Network.ReadBackAsync(root.Cid, default);
        await Restarted().ReadBackAsync(root.Cid, default);
    }

    [Fact]
    public async Task A_block_in_two_CARs_is_found_in_the_one_written_last()
    {
        var leaf = AFile(1 << 20);
        var first = await PinAsync(leaf);
        var second = await PinAsync([.. leaf, 1]);
        await DamageAsync(first.Cid);

        Assert.Equal(leaf, await ReadAsync(Restarted(), first.Cid));
        await Restarted().ReadBackAsync(second.Cid, default);
    }

    [Fact]
    public async Task Leaves_nothing_behind_when_an_import_fails()
    {
        var network = new LocalContentNetwork(
            new BlockIndex(host.Get<ServiceDatabase<StorageService>>()),
            Options.Create(new PlatformOptions { Data = Path.Combine(host.Data, "failing") }));

        await Assert.ThrowsAsync<CorruptContentException>(() => network.StageAsync(
            (_, _) => throw new CorruptContentException("…"), default));

        Assert.Empty(Directory.EnumerateFiles(Path.Combine(host.Data, "failing"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Says_that_it_is_unavailable_when_the_disk_refuses()
    {
        var data = Path.Combine(host.Data, "refusing");
        var network = new LocalContentNetwork(
            new BlockIndex(host.Get<ServiceDatabase<StorageService>>()), Options.Create(new PlatformOptions { Data = data }));
        Directory.Delete(Path.Combine(data, "ipfs", "incoming"));
        await File.WriteAllTextAsync(Path.Combine(data, "ipfs", "incoming"), "a file where the folder was");

        await Assert.ThrowsAsync<ContentNetworkUnavailableException>(() => network.StageAsync(Import(AFile(10)), default));
    }

    private string PathOf(Cid root) => Path.Combine(host.Data, "ipfs", root.ToString()[^3..^1], $"{root}.car");

    private async Task DamageAsync(Cid root)
    {
        await using var file = File.Open(PathOf(root), FileMode.Open, FileAccess.ReadWrite);
        file.Position = file.Length - 100;
        var value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 1));
    }
}
