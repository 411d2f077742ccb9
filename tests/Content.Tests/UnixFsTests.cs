using System.Security.Cryptography;
using CsCheck;

namespace Platform.Content.Tests;

public sealed class UnixFsTests
{
    private static readonly UnixFsProfile Tiny = new("tiny", 5, 3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task However_the_stream_is_cut_the_address_is_the_same()
    {
        await Gen.Select(
            Gen.Byte.Array[0, 400], Gen.Int[1, 30], Gen.Bool).SampleAsync(async (bytes, step, wrapped) =>
        {
            var profile = Tiny with { RawLeaves = !wrapped };
            var expected = UnixFsFile.Import(bytes, profile);

            var streamed = await UnixFsFile.ImportAsync(
                new TricklingStream(bytes, step), profile, (_, _) => ValueTask.CompletedTask, Cancellation);

            Assert.Equal(expected, streamed);
        }, iter: 300);
    }

    [Fact]
    public async Task A_range_read_is_a_slice_of_the_file()
    {
        await Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[0, 400], Gen.Int[0, 420], Gen.Bool)
            .SampleAsync(async (bytes, offset, length, wrapped) =>
            {
                offset = Math.Min(offset, bytes.Length);
                var (root, blocks) = Imported(bytes, Tiny with { RawLeaves = !wrapped });

                await using var part =
                    await new UnixFsReader(blocks).OpenAsync(root.Cid, offset, length, Cancellation);

                Assert.Equal(bytes[offset..Math.Min(bytes.Length, offset + length)],
                    await Samples.ReadAllAsync(part));
            }, iter: 300);
    }

    [Fact]
    public async Task Seeking_back_and_forth_reads_what_is_there()
    {
        var bytes = Samples.Generate(1000);
        var (root, blocks) = Imported(bytes, Tiny);
        await using var file = await new UnixFsReader(blocks).OpenAsync(root.Cid, cancellation: Cancellation);
        var four = new byte[4];

        foreach (var position in (int[])[996, 0, 500, 503, 4, 990, 13])
        {
            file.Seek(position, SeekOrigin.Begin);
            await file.ReadExactlyAsync(four, Cancellation);

            Assert.Equal(bytes[position..(position + 4)], four);
        }

        file.Seek(0, SeekOrigin.End);
        Assert.Equal(0, await file.ReadAsync(four, Cancellation));
        Assert.Equal(1000, file.Length);
    }

    [Fact]
    public async Task A_range_read_touches_only_the_blocks_it_needs()
    {
        var (root, blocks) = Imported(Samples.Generate(1000), Tiny);
        var counted = new CountedBlocks(blocks);

        await using var part = await new UnixFsReader(counted).OpenAsync(root.Cid, 998, 2, Cancellation);
        await Samples.ReadAllAsync(part);

        Assert.Equal(1000, root.Size);
        // 200 leaves of five bytes under five levels of three: 3^5 = 243
        Assert.Equal(6, counted.Fetched.Count);
    }

    [Fact]
    public async Task An_offset_behind_the_end_is_refused()
    {
        var (root, blocks) = Imported(Samples.Generate(10), Tiny);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => new UnixFsReader(blocks).OpenAsync(root.Cid, 11, cancellation: Cancellation));
    }

    [Fact]
    public async Task A_path_leads_through_directories_to_a_file()
    {
        var blocks = new MemoryBlocks();
        var (inner, innerNode) = UnixFsDirectory.Create(Samples.ThreeFiles(blocks));
        var (outer, outerNode) = UnixFsDirectory.Create([new("a dir", inner.Cid, inner.DagSize)]);
        blocks.Add(innerNode);
        blocks.Add(outerNode);
        var reader = new UnixFsReader(blocks);

        foreach (var path in (string[])[$"{outer.Cid}/a dir/c.json",
            $"ipfs://{outer.Cid}//a dir/c.json/", $"/ipfs/{outer.Cid}/a dir/c.json"])
        {
            var entry = await reader.ResolveAsync(path, Cancellation);
            var leaf = Assert.IsType<UnixFsNode.RawLeaf>(entry.Node);

            Assert.Equal("{\"name\":\"c\"}\n"u8, leaf.Data.Span);
        }

        Assert.IsType<UnixFsNode.Directory>(
            (await reader.ResolveAsync(outer.Cid.ToString(), Cancellation)).Node);
        await Assert.ThrowsAsync<ContentNotFoundException>(
            () => reader.ResolveAsync(outer.Cid, "a dir/d.json", Cancellation));
        await Assert.ThrowsAsync<ContentNotFoundException>(
            () => reader.ResolveAsync(outer.Cid, "a dir/c.json/x", Cancellation));
        await Assert.ThrowsAsync<FormatException>(() => reader.ResolveAsync("a dir/c.json", Cancellation));
        await Assert.ThrowsAsync<UnixFsFormatException>(() =>
            reader.OpenAsync(inner.Cid, cancellation: Cancellation));
    }

    [Fact]
    public async Task A_sharded_directory_is_listed_and_searched_like_a_flat_one()
    {
        var blocks = new MemoryBlocks();
        var links = Samples.ManyFiles(3000, blocks);
        var root = UnixFsDirectory.CreateSharded(links, blocks.Add);
        var reader = new UnixFsReader(blocks);
        var listed = new List<UnixFsLink>();

        await foreach (var entry in reader.ListAsync(root.Cid, Cancellation))
        {
            listed.Add(entry);
        }

        Assert.Equal(links, listed.OrderBy(link => link.Name, StringComparer.Ordinal));
        Assert.Equal(
            links[2345].Cid, (await reader.ResolveAsync(root.Cid, "file-02345.txt", Cancellation)).Cid);
        await Assert.ThrowsAsync<ContentNotFoundException>(
            () => reader.ResolveAsync(root.Cid, "file-99999.txt", Cancellation));
    }

    [Fact]
    public async Task A_walk_meets_each_block_once_parents_first()
    {
        var (root, blocks) = Imported(new byte[1000], Tiny);
        var walked = new List<Cid>();

        await foreach (var block in new UnixFsReader(blocks).WalkAsync(root.Cid, Cancellation))
        {
            walked.Add(block.Cid);
        }

        Assert.Equal(root.Cid, walked[0]);
        Assert.Equal(blocks.Count, walked.Count);
        Assert.Equal(walked.Count, walked.Distinct().Count());
        Assert.True(root.Blocks > walked.Count);
    }

    [Fact]
    public async Task A_block_with_other_bytes_is_corrupt_and_one_not_there_is_not_found()
    {
        var (root, blocks) = Imported(Samples.Generate(100), Tiny);
        var forged = new MemoryBlocks();
        forged.Add(new(root.Cid, new byte[10]));

        var corrupt = await Assert.ThrowsAsync<CorruptBlockException>(
            () => new UnixFsReader(forged).OpenAsync(root.Cid, cancellation: Cancellation));
        var missing = await Assert.ThrowsAsync<ContentNotFoundException>(
            () => new UnixFsReader(new MemoryBlocks()).OpenAsync(root.Cid, cancellation: Cancellation));

        Assert.Equal(root.Cid, corrupt.Cid);
        Assert.Equal(root.Cid.ToString(), missing.Key);
        Assert.True(blocks.Count > 0);
    }

    [Fact]
    public async Task A_child_of_another_size_than_its_parent_says_is_corrupt()
    {
        var blocks = new MemoryBlocks();
        var leaf = UnixFsFile.Import(new byte[5], Tiny, blocks.Add);
        var node = DagPb.Encode([new("", leaf.Cid, 5)], UnixFsMessage.File([], [6], 6));
        var root = Cid.DagPb(SHA256.HashData(node));
        blocks.Add(new(root, node));

        await using var file = await new UnixFsReader(blocks).OpenAsync(root, cancellation: Cancellation);

        await Assert.ThrowsAsync<CorruptBlockException>(async () => await Samples.ReadAllAsync(file));
    }

    [Fact]
    public async Task An_identity_address_needs_no_block()
    {
        var cid = Cid.Decode([1, 0x55, 0, 3, 1, 2, 3]);

        await using var file =
            await new UnixFsReader(new MemoryBlocks()).OpenAsync(cid, cancellation: Cancellation);

        Assert.Equal([1, 2, 3], await Samples.ReadAllAsync(file));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a.txt")]
    public void A_directory_refuses_names_that_lead_astray_or_come_twice(string name)
    {
        var cid = Cid.Raw(new byte[32]);

        Assert.ThrowsAny<ArgumentException>(() =>
            UnixFsDirectory.Create([new("a.txt", cid, 1), new(name, cid, 1)]));
        Assert.ThrowsAny<ArgumentException>(
            () => UnixFsDirectory.CreateSharded([new("a.txt", cid, 1), new(name, cid, 1)], _ => { }));
    }

    [Fact]
    public void A_directory_refuses_a_name_that_is_no_text()
    {
        Assert.ThrowsAny<ArgumentException>(() =>
            UnixFsDirectory.Create([new("\ud800", Cid.Raw(new byte[32]), 1)]));
    }

    [Fact]
    public void A_directory_over_its_limit_says_how_large_it_is()
    {
        var links = Samples.ManyFiles(1000);
        var size = UnixFsDirectory.Create(links).Node.Data.Length;

        var refused = Assert.Throws<DirectoryTooLargeException>(() =>
            UnixFsDirectory.Create(links, size - 1));

        Assert.Equal((size, size - 1), (refused.Size, refused.Limit));
        Assert.Equal(size, UnixFsDirectory.Create(links, size).Node.Data.Length);
    }

    [Fact]
    public void A_directory_is_read_as_it_was_written_sorted_by_bytes()
    {
        Gen.Select(
            Gen.Char['\u0001', '\ud7ff'].Array[1, 8], Gen.Byte.Array[32], Gen.Long[0, long.MaxValue / 100])
            .Select((name, digest, size) =>
                new UnixFsLink(new string(name).Replace('/', '_'), Cid.DagPb(digest), size))
            .Where(link => link.Name is not ("." or ".."))
            .Array[0, 20]
            .Sample(links =>
            {
                links = [.. links.DistinctBy(link => link.Name)];
                var sorted = links.OrderBy(link => DagPb.Utf8Bytes(link.Name), new ByBytes());

                Assert.Equal(sorted, UnixFsDirectory.Read(UnixFsDirectory.Create(links).Node.Data.Span));
            }, iter: 300);
    }

    [Theory]
    [InlineData("", "without UnixFS")]
    [InlineData("0a", "at byte 1: a number is cut off")]
    [InlineData("0a05", "5 bytes where 0 are left")]
    [InlineData("0a0208", "2 bytes where 1 are left")]
    [InlineData("0a028800", "not minimal")]
    [InlineData("0a00", "no type")]
    [InlineData("0a020806", "unknown type 6")]
    [InlineData("0a020803", "Metadata")]
    [InlineData("0a0208010a020801", "unexpected field 1")]
    [InlineData("1a020801", "unexpected field 3")]
    [InlineData("0a0408021801", "says it has 1 bytes, its parts have 0")]
    [InlineData("0a0408022001", "0 links and 1 block sizes")]
    [InlineData("0a0708021203aabbcc1802", "unexpected field 3")]
    [InlineData("120012000a020801", "no hash")]
    [InlineData("12040a0201550a020801", "is no CID")]
    [InlineData("12081200120012001200", "repeated or out of order")]
    [InlineData("120c0a070155000312345612" + "01ff0a020801", "not UTF-8")]
    [InlineData("0a02080" + "5", "fanout 0")]
    public void A_malformed_node_is_refused_with_its_reason(string hex, string reason)
    {
        var node = Convert.FromHexString(hex);
        var cid = Cid.DagPb(SHA256.HashData(node));

        Assert.Contains(reason, Assert.Throws<UnixFsFormatException>(() => UnixFs.Decode(cid, node)).Message);
    }

    [Fact]
    public void Any_bytes_are_a_node_or_refused()
    {
        Gen.OneOf(Gen.Byte[0, 0x30], Gen.Byte).Array[0, 40].Sample(bytes =>
        {
            try
            {
                UnixFs.Decode(Cid.DagPb(SHA256.HashData(bytes)), bytes);
            }
            catch (UnixFsFormatException)
            {
                // the only exception there may be
            }
        }, iter: 20000);
    }

    [Fact]
    public void A_node_of_another_codec_is_refused()
    {
        Assert.Throws<UnixFsFormatException>(() =>
            UnixFs.Decode(Cid.Decode([1, 0x71, 0, 1, 0xa0]), new byte[] { 0xa0 }));
    }

    [Theory]
    [InlineData(0, 174)]
    [InlineData((1 << 20) + 1, 174)]
    [InlineData(1024, 1)]
    public void An_impossible_profile_is_refused(int chunk, int width)
    {
        Assert.Throws<ArgumentException>(() => UnixFsFile.Import(new byte[1], new("odd", chunk, width)));
    }

    [Fact]
    public async Task A_cancelled_import_stops()
    {
        using var source = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => UnixFsFile.ImportAsync(
            new TricklingStream(new byte[100], 100),
            Tiny,
            (_, _) =>
            {
                source.Cancel();
                return ValueTask.CompletedTask;
            },
            source.Token));
    }

    private static (DagRoot Root, MemoryBlocks Blocks) Imported(byte[] bytes, UnixFsProfile profile)
    {
        var blocks = new MemoryBlocks();
        return (UnixFsFile.Import(bytes, profile, blocks.Add), blocks);
    }

    private sealed class ByBytes : IComparer<byte[]>
    {
        public int Compare(byte[]? left, byte[]? right)
        {
            return left.AsSpan().SequenceCompareTo(right);
        }
    }

    private sealed class CountedBlocks(IBlockSource blocks) : IBlockSource
    {
        internal List<Cid> Fetched { get; } = [];

        public ValueTask<ReadOnlyMemory<byte>?> FindAsync(Cid cid, CancellationToken cancellation)
        {
            Fetched.Add(cid);
            return blocks.FindAsync(cid, cancellation);
        }
    }
}
