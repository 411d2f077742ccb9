using CsCheck;

namespace Platform.Content.Tests;

public sealed class CarTests
{
    // {"roots": [bafkrei…vyku], "version": 1} and the empty raw block, put together by hand from the
    // specification.
    private const string EmptyCar =
        "3a" + "a265726f6f747381d82a582500" + EmptyCid + "6776657273696f6e01" + "24" + EmptyCid;

    private const string EmptyCid =
        "01551220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_car_is_written_byte_for_byte_as_the_specification_has_it()
    {
        var cid = Cid.Decode(Convert.FromHexString(EmptyCid));

        Assert.Equal(EmptyCar, Convert.ToHexStringLower(await WriteAsync([cid], [new(cid, default)])));
    }

    [Fact]
    public async Task What_is_written_is_read_back_with_the_places_it_lies_at()
    {
        var samples = Gen.Select(Gen.Byte.Array[0, 500].Array[1, 12], Gen.Int[1, 300]);

        await samples.SampleAsync(async (contents, step) =>
        {
            var blocks = contents.Select(ABlock).ToArray();
            var roots = blocks.Select(block => block.Cid).ToArray();
            var file = await WriteAsync(roots, blocks);

            var (readRoots, read) = await ReadAsync(new TricklingStream(file, step));

            Assert.Equal(roots, readRoots);
            Assert.Equal(contents, read.Select(block => block.Data));
            Assert.Equal(contents, read.Select(
                block => file.AsSpan((int)block.Entry.Offset, block.Entry.Length).ToArray()));
            Assert.Equal(roots, read.Select(block => block.Entry.Cid));
        }, iter: 100);
    }

    [Fact]
    public async Task The_writer_knows_the_places_the_reader_finds()
    {
        using var file = new MemoryStream();
        var blocks = new[] { ABlock([1, 2, 3]), ABlock([]), ABlock(new byte[70000]) };
        var written = new List<CarEntry>();
        var car = await CarWriter.CreateAsync(file, [blocks[0].Cid], Cancellation);

        foreach (var block in blocks)
        {
            written.Add(await car.WriteAsync(block, Cancellation));
        }

        file.Position = 0;
        Assert.Equal(car.Position, file.Length);
        Assert.Equal(written, (await ReadAsync(file)).Blocks.Select(block => block.Entry));
    }

    [Fact]
    public async Task A_walk_written_as_a_car_holds_the_whole_file()
    {
        var bytes = Samples.Generate(3_000_000);
        var source = new MemoryBlocks();
        var root = UnixFsFile.Import(bytes, UnixFsProfile.KuboLegacy, source.Add);
        using var file = new MemoryStream();
        await CarWriter.WriteAsync(
            file, root.Cid, new UnixFsReader(source).WalkAsync(root.Cid, Cancellation), Cancellation);
        file.Position = 0;
        var target = new MemoryBlocks();

        foreach (var (entry, data) in (await ReadAsync(file)).Blocks)
        {
            target.Add(new(entry.Cid, data));
        }

        await using var copy = await new UnixFsReader(target).OpenAsync(root.Cid, cancellation: Cancellation);
        Assert.Equal(bytes, await Samples.ReadAllAsync(copy));
    }

    [Theory]
    [InlineData("", 0, "empty")]
    [InlineData("80", 0, "length of a header is cut off")]
    [InlineData("8000", 0, "not minimal")]
    [InlineData("ffffffffffffffffff01", 0, "longer than 9 bytes")]
    [InlineData("00", 0, "a header of 0 bytes")]
    [InlineData("818004", 0, "a header of 65537 bytes")]
    [InlineData("05a26572", 1, "a header of 5 bytes is cut off after 3")]
    [InlineData("0aa16776657273696f6e02", 11, "version 2 is not read here")]
    [InlineData("0aa16776657273696f6e01", 11, "no roots")]
    [InlineData("11a265726f6f7473806776657273696f6e01", 18, "no roots")]
    [InlineData("0180", 1, "not dag-cbor")]
    [InlineData("02a180", 2, "not dag-cbor")]
    [InlineData("02a178", 3, "cut off")]
    [InlineData("03a17801", 4, "not minimal")]
    [InlineData("05a165726f6f", 3, "cut off")]
    [InlineData("03a1617a", 4, "unknown or repeated")]
    [InlineData("08a165726f6f747380", 9, "version  is unknown")]
    [InlineData("0aa165726f6f747381d829", 11, "no CID")]
    [InlineData("0da165726f6f747381d82a420155", 14, "no CID")]
    [InlineData("02a17f", 3, "number out of bounds")]
    public async Task A_malformed_header_is_refused_with_its_place(string hex, long offset, string reason)
    {
        var refused = await Assert.ThrowsAsync<CarFormatException>(() => ReadAsync(AFile(hex)));

        Assert.Contains(reason, refused.Message);
        Assert.Equal(offset, refused.Offset);
    }

    [Theory]
    [InlineData("00", 96, "a section of 0 bytes")]
    [InlineData("80", 96, "length of a section is cut off")]
    [InlineData("a5818001", 96, "a section of 2097317 bytes")]
    [InlineData("24015512", 97, "a section of 36 bytes is cut off after 3")]
    [InlineData("0401551220", 97, "does not begin with a CID")]
    [InlineData("25" + EmptyCid + "00", 133, "does not have its hash")]
    [InlineData("0501551401aa", 97, "not verified here")]
    public async Task A_malformed_section_is_refused_with_its_place(string hex, long offset, string reason)
    {
        var refused = await Assert.ThrowsAsync<CarFormatException>(() => ReadAsync(AFile(EmptyCar + hex)));

        Assert.Contains(reason, refused.Message);
        Assert.Equal(offset, refused.Offset);
    }

    [Fact]
    public async Task The_limits_are_the_callers_to_tighten()
    {
        var file = await WriteAsync([ABlock([]).Cid], [ABlock(new byte[100])]);

        await ReadAsync(new MemoryStream(file), new(64, 100));
        await Assert.ThrowsAsync<CarFormatException>(() => ReadAsync(new MemoryStream(file), new(64, 99)));
        await Assert.ThrowsAsync<CarFormatException>(() => ReadAsync(new MemoryStream(file), new(40, 100)));
    }

    [Fact]
    public async Task The_largest_block_passes_and_a_larger_one_is_not_written()
    {
        var largest = ABlock(new byte[2 << 20]);

        Assert.Single((await ReadAsync(new MemoryStream(await WriteAsync([largest.Cid], [largest])))).Blocks);
        await Assert.ThrowsAsync<ArgumentException>(() =>
            WriteAsync([largest.Cid], [ABlock(new byte[(2 << 20) + 1])]));
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync([], []));
    }

    [Fact]
    public async Task A_car_cut_off_anywhere_is_whole_up_to_a_block_or_refused()
    {
        var file = await WriteAsync([ABlock([1]).Cid], [ABlock([1]), ABlock(new byte[200])]);
        var whole = new List<int>();

        for (var length = 0; length <= file.Length; length++)
        {
            try
            {
                await ReadAsync(new MemoryStream(file, 0, length));
                whole.Add(length);
            }
            catch (CarFormatException)
            {
                // every other length
            }
        }

        Assert.Equal([59, 97, file.Length], whole);
    }

    [Fact]
    public async Task A_flipped_byte_never_goes_unnoticed_in_a_block()
    {
        var block = ABlock(Samples.Generate(50));
        var file = await WriteAsync([block.Cid], [block]);

        for (var index = file.Length - 50; index < file.Length; index++)
        {
            var damaged = file.ToArray();
            damaged[index] ^= 1;

            await Assert.ThrowsAsync<CarFormatException>(() => ReadAsync(new MemoryStream(damaged)));
        }
    }

    private static Block ABlock(byte[] bytes)
    {
        return new(Cid.Raw(System.Security.Cryptography.SHA256.HashData(bytes)), bytes);
    }

    private static MemoryStream AFile(string hex)
    {
        return new(Convert.FromHexString(hex));
    }

    private static async Task<byte[]> WriteAsync(Cid[] roots, Block[] blocks)
    {
        using var file = new MemoryStream();
        var car = await CarWriter.CreateAsync(file, roots, Cancellation);

        foreach (var block in blocks)
        {
            await car.WriteAsync(block, Cancellation);
        }

        return file.ToArray();
    }

    private static async Task<(IReadOnlyList<Cid> Roots, List<(CarEntry Entry, byte[] Data)> Blocks)>
        ReadAsync(
        Stream file, CarLimits? limits = null)
    {
        var reader = await CarReader.OpenAsync(file, Cancellation, limits);
        var blocks = new List<(CarEntry, byte[])>();

        await foreach (var block in reader.ReadAsync(Cancellation))
        {
            blocks.Add((block.Entry, block.Data.ToArray()));
        }

        return (reader.Roots, blocks);
    }
}
