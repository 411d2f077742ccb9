using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Platform.Content.Tests;

public sealed class VectorTests
{
    public static TheoryData<string, int, int, int, string, int, string, bool, int> Files()
    {
        var rows = new TheoryData<string, int, int, int, string, int, string, bool, int>();

        foreach (var row in Vectors().Where(row => row.TryGetProperty("size", out _)))
        {
            rows.Add(
                row.GetProperty("name").GetString()!,
                row.GetProperty("size").GetInt32(),
                row.GetProperty("chunk").GetInt32(),
                row.GetProperty("width").GetInt32(),
                row.GetProperty("cid").GetString()!,
                row.GetProperty("blocks").GetInt32(),
                row.GetProperty("tsize").GetString()!,
                row.GetProperty("rawLeaves").GetBoolean(),
                row.GetProperty("cidVersion").GetInt32());
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_gets_the_address_other_implementations_give_it(
        string name,
        int size,
        int chunk,
        int width,
        string cid,
        int blocks,
        string tsize,
        bool rawLeaves,
        int version)
    {
        var profile = new UnixFsProfile(name, chunk, width) { RawLeaves = rawLeaves, CidVersion = version };
        var bytes = Samples.Generate(size);
        var expected =
            new DagRoot(Cid.Parse(cid), size, long.Parse(tsize, CultureInfo.InvariantCulture), blocks);

        var streamed = await UnixFsFile.ImportAsync(
            new MemoryStream(bytes), profile, (_, _) =>
                ValueTask.CompletedTask, TestContext.Current.CancellationToken);

        Assert.Equal(cid, streamed.Cid.ToString());
        Assert.Equal(expected, streamed);
        Assert.Equal(expected, UnixFsFile.Import(bytes, profile));
    }

    [Fact]
    public void The_generated_contents_have_the_digests_of_the_vectors()
    {
        foreach (var row in Vectors().Where(row => row.TryGetProperty("sha256", out _)))
        {
            var digest = SHA256.HashData(Samples.Generate(row.GetProperty("size").GetInt32()));

            Assert.Equal(row.GetProperty("sha256").GetString(), Convert.ToHexStringLower(digest));
        }
    }

    [Fact]
    public void No_vector_is_left_out()
    {
        string[] directories = ["dir3", "dir-1000-flat", "dir-6000-auto (shardSplitThresholdBytes 262144)"];
        var others = Vectors().Where(row => !row.TryGetProperty("size", out _));

        Assert.Equal(30, Files().Count);
        Assert.Equal(directories, others.Select(row => row.GetProperty("name").GetString()));
    }

    [Fact]
    public void Three_files_make_the_known_directory_in_whatever_order_they_come()
    {
        var (root, node) = UnixFsDirectory.Create(Samples.ThreeFiles());

        AssertVector("dir3", root, root.Blocks + 3);
        Assert.Equal(root.Cid, node.Cid);
        Assert.Equal(
            ["a.txt", "b.bin", "c.json"], UnixFsDirectory.Read(node.Data.Span).Select(link => link.Name));
        Assert.Equal(
            [
                "bafkreifwvggzz2nc3ekjfch2hx2c2n34hzbhg6x5zwxxctrtycqqbniqma",
                "bafkreia7yxjfhl547jit4v4dozbgovkttat55e7lxe4ujjuwnxqa3kumfm",
                "bafkreiabdfwrmmg3q2zshgjvmb36v3wblwefajeuly2bcsmrln42wmcw2i",
            ],
            UnixFsDirectory.Read(node.Data.Span).Select(link => link.Cid.ToString()));
    }

    [Fact]
    public void A_thousand_entries_make_the_known_flat_directory()
    {
        var (root, _) = UnixFsDirectory.Create(Samples.ManyFiles(1000));

        AssertVector("dir-1000-flat", root, root.Blocks + 1000);
    }

    [Fact]
    public void Six_thousand_entries_make_the_known_flat_directory()
    {
        var (root, _) = UnixFsDirectory.Create(Samples.ManyFiles(6000));

        Assert.Equal("bafybeifoesfpigcuehjgx2abrtnnqz435oayxqjetbwejjzeayuj26lazi", root.Cid.ToString());
    }

    [Fact]
    public void Six_thousand_entries_make_the_known_sharded_directory()
    {
        var root = UnixFsDirectory.CreateSharded(Samples.ManyFiles(6000), _ => { });

        AssertVector("dir-6000-auto (shardSplitThresholdBytes 262144)", root, root.Blocks + 6000);
    }

    [Theory]
    [InlineData(0, "QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH")]
    [InlineData(1, "QmS9JArPwa55ePgDnyg6TzX24mYTS1b1vLqWNebyVotKxQ")]
    [InlineData(1048576, "QmdJtBpcWiuaoNFUkSixzWeeqWZj4uZtSLfWsmqRXuFgAq")]
    [InlineData(10485760, "QmdyxA7uDesNmB3qfDsM7Ep2ojLQhjHQYpdgmvjd8E6dMd")]
    public void The_profile_of_2015_gives_the_addresses_of_the_note(int size, string cid)
    {
        Assert.Equal(cid, UnixFsFile.Import(Samples.Generate(size), UnixFsProfile.V0_2015).Cid.ToString());
    }

    private static void AssertVector(string name, DagRoot root, long blocks)
    {
        var row = Vectors().Single(row => row.GetProperty("name").GetString() == name);

        Assert.Equal(row.GetProperty("cid").GetString(), root.Cid.ToString());
        Assert.Equal(
            row.GetProperty("tsize").GetString(), root.DagSize.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(row.GetProperty("blocks").GetInt64(), blocks);
    }

    private static JsonElement.ArrayEnumerator Vectors()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "vectors", "cids.json");
        return JsonDocument.Parse(
            File.ReadAllBytes(path)).RootElement.GetProperty("vectors").EnumerateArray();
    }
}
