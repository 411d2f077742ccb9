using Platform.Content;
using static Platform.Storage.Tests.Situations;

namespace Platform.Storage.Tests;

/// <summary>What every content network keeps to.</summary>
public abstract class ContentNetworkContract
{
    private protected abstract IContentNetwork Network { get; }

    /// <summary>The same network, as a process that starts anew sees it.</summary>
    private protected abstract IContentNetwork Restarted();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 << 20)]
    [InlineData((2 << 20) + 1)]
    public async Task Hands_out_what_was_pinned(int size)
    {
        var bytes = AFile(size);

        var root = await PinAsync(bytes);

        Assert.Equal(UnixFsFile.Import(bytes, UnixFsProfile.V1_2025), root);
        Assert.Equal(bytes, await ReadAsync(Network, root.Cid));
    }

    [Fact]
    public async Task Remembers_after_a_restart()
    {
        var bytes = AFile((1 << 20) + 17);
        var root = await PinAsync(bytes);

        Assert.Equal(bytes, await ReadAsync(Restarted(), root.Cid));
    }

    [Fact]
    public async Task Does_not_know_what_was_only_staged()
    {
        var dag = await Network.StageAsync(Import(AFile(1000)), default);

        Assert.Null(await Network.FindAsync(dag.Root.Cid, default));
        await Assert.ThrowsAsync<ContentNetworkUnavailableException>(() => Network.ReadBackAsync(dag.Root.Cid, default));
    }

    [Fact]
    public async Task Does_not_know_what_nobody_pinned()
    {
        Assert.Null(await Network.FindAsync(ContentDigest.ToRawCid(Digest(AnId().ToString())), default));
    }

    [Fact]
    public async Task Pinning_twice_is_pinning_once()
    {
        var bytes = AFile((1 << 20) + 1);

        var first = await PinAsync(bytes);
        var second = await PinAsync(bytes);

        Assert.Equal(first, second);
        Assert.Equal(bytes, await ReadAsync(Network, first.Cid));
    }

    [Fact]
    public async Task Pins_the_same_from_many_hands_at_once()
    {
        var bytes = AFile((1 << 20) + 1);

        var roots = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => PinAsync(bytes)));

        Assert.Equal(bytes, await ReadAsync(Restarted(), Assert.Single(roots.Distinct()).Cid));
    }

    [Fact]
    public async Task Finds_a_block_by_its_version_0_address_too()
    {
        var root = await PinAsync(AFile((1 << 20) + 1));

        var block = await Network.FindAsync(Cid.DagPbVersion0(root.Cid.Digest), default);

        Assert.True(root.Cid.Verifies(block!.Value.Span));
    }

    [Fact]
    public async Task An_import_that_fails_pins_nothing()
    {
        var id = AnId();
        await Assert.ThrowsAsync<CorruptContentException>(() => Network.StageAsync(
            async (sink, cancellation) =>
            {
                UnixFsFile.Import(AFile(10), UnixFsProfile.V1_2025);
                await sink(new Block(ContentDigest.ToRawCid(Digest(id.ToString())), id.ToByteArray()), cancellation);
                throw new CorruptContentException(Digest(id.ToString()));
            },
            default));

        Assert.Null(await Network.FindAsync(ContentDigest.ToRawCid(Digest(id.ToString())), default));
    }

    [Fact]
    public async Task Pins_many_in_one_step()
    {
        var files = Enumerable.Range(0, 20).Select(index => AFile(1000 + index)).ToList();
        var dags = await Task.WhenAll(files.Select(bytes => Network.StageAsync(Import(bytes), default)));

        await Network.PinAsync(dags, default);

        foreach (var (bytes, dag) in files.Zip(dags))
        {
            Assert.Equal(bytes, await ReadAsync(Network, dag.Root.Cid));
        }
    }

    private protected static byte[] AFile(int size)
    {
        var bytes = APicture(AnId(), Math.Max(size, 64));
        return size < 64 ? bytes[..size] : bytes;
    }

    private protected static DagImport Import(byte[] bytes) => (sink, cancellation) =>
        UnixFsFile.ImportAsync(new MemoryStream(bytes), UnixFsProfile.V1_2025, sink, cancellation);

    private protected async Task<DagRoot> PinAsync(byte[] bytes)
    {
        var dag = await Network.StageAsync(Import(bytes), default);
        await Network.PinAsync([dag], default);
        return dag.Root;
    }

    private protected static async Task<byte[]> ReadAsync(IContentNetwork network, Cid cid)
    {
        await using var stream = await new UnixFsReader(network).OpenAsync(cid);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read);
        return read.ToArray();
    }
}
