using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Platform.Content;
using static Platform.Storage.Tests.Situations;

namespace Platform.Storage.Tests;

public sealed class GatewayTests(StorageHost host)
{
    private readonly HttpClient client = host.Client();

    [Fact]
    public async Task Serves_a_picture_as_a_picture_for_ever_and_harmlessly()
    {
        var picture = APicture(AnId());
        var cid = await PinAsync(picture);

        using var answer = await client.GetAsync($"/ipfs/{cid}");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(picture, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(picture.Length, answer.Content.Headers.ContentLength);
        Assert.Equal($"\"{cid}\"", answer.Headers.ETag!.Tag);
        Assert.Equal("public, max-age=29030400, immutable", Header(answer, "Cache-Control"));
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("default-src 'none'; sandbox", Header(answer, "Content-Security-Policy"));
        Assert.Equal($"/ipfs/{cid}", Header(answer, "X-Ipfs-Path"));
        Assert.Equal($"{cid}", Header(answer, "X-Ipfs-Roots"));
    }

    [Fact]
    public async Task Serves_a_file_of_a_directory_by_its_path()
    {
        var directory = await PinDirectoryAsync(("0.json", """{"name":"a"}"""u8.ToArray()), ("read me.txt", "Hällo"u8.ToArray()));

        using var json = await client.GetAsync($"/ipfs/{directory}/0.json");
        using var text = await client.GetAsync($"/ipfs/{directory}/read%20me.txt");

        Assert.Equal("""{"name":"a"}""", await json.Content.ReadAsStringAsync());
        Assert.Equal("application/json", json.Content.Headers.ContentType!.ToString());
        Assert.Equal($"{directory},{ContentDigest.ToRawCid(ContentDigest.Of("""{"name":"a"}"""u8))}", Header(json, "X-Ipfs-Roots"));
        Assert.Equal("Hällo", await text.Content.ReadAsStringAsync());
        Assert.Equal("text/plain; charset=utf-8", text.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task Lists_a_directory()
    {
        var directory = await PinDirectoryAsync(("<b>.json", "{}"u8.ToArray()), ("1.json", "[]"u8.ToArray()));

        var page = await client.GetStringAsync($"/ipfs/{directory}");

        Assert.Contains($"<a href=\"/ipfs/{directory}/1.json\">1.json</a>", page, StringComparison.Ordinal);
        Assert.Contains($"<a href=\"/ipfs/{directory}/%3Cb%3E.json\">&lt;b&gt;.json</a>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?format=raw", null)]
    [InlineData("", "application/vnd.ipld.raw")]
    [InlineData("?format=raw", "text/html,application/xhtml+xml,*/*;q=0.8")]
    public async Task Serves_one_block_to_whoever_verifies_it_himself(string query, string? accept)
    {
        var cid = await PinAsync(APicture(AnId(), (1 << 20) + 5));

        using var answer = await AskAsync(HttpMethod.Get, $"/ipfs/{cid}{query}", accept);

        Assert.True(cid.Verifies(await answer.Content.ReadAsByteArrayAsync()));
        Assert.Equal("application/vnd.ipld.raw", answer.Content.Headers.ContentType!.ToString());
        Assert.StartsWith($"attachment; filename={cid}.bin", answer.Content.Headers.ContentDisposition!.ToString(), StringComparison.Ordinal);
        Assert.Equal($"\"{cid}.raw\"", answer.Headers.ETag!.Tag);
    }

    [Theory]
    [InlineData("?format=car", null)]
    [InlineData("", "application/vnd.ipld.car")]
    [InlineData("", "application/vnd.ipld.car; version=1; order=dfs; dups=n")]
    public async Task Serves_a_whole_DAG_as_a_CAR(string query, string? accept)
    {
        var picture = APicture(AnId(), (3 << 20) + 5);
        var cid = await PinAsync(picture);

        using var answer = await AskAsync(HttpMethod.Get, $"/ipfs/{cid}{query}", accept);

        Assert.StartsWith("application/vnd.ipld.car; version=1", answer.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        Assert.Equal($"attachment; filename=\"{cid}.car\"", answer.Content.Headers.ContentDisposition!.ToString());
        var (roots, blocks) = await ReadCarAsync(answer);
        Assert.Equal([cid], roots);
        Assert.Equal(cid, blocks[0].Cid);
        Assert.Equal(5, blocks.Count);
        Assert.Equal(picture, await ReadAsync(blocks, cid));
    }

    [Fact]
    public async Task A_CAR_by_path_proves_the_path()
    {
        var directory = await PinDirectoryAsync(("0.json", "{}"u8.ToArray()), ("1.json", "[]"u8.ToArray()));

        using var answer = await client.GetAsync($"/ipfs/{directory}/1.json?format=car");

        var file = ContentDigest.ToRawCid(ContentDigest.Of("[]"u8));
        var (roots, blocks) = await ReadCarAsync(answer);
        Assert.Equal([file], roots);
        Assert.Equal([directory, file], blocks.Select(block => block.Cid));
    }

    [Theory]
    [InlineData("block", 1)]
    [InlineData("entity", 1)]
    [InlineData("all", 3)]
    public async Task The_scope_of_a_directory_says_how_much_of_it_comes(string scope, int blocks)
    {
        var directory = await PinDirectoryAsync(("0.json", "{}"u8.ToArray()), ("1.json", "[]"u8.ToArray()));

        using var answer = await client.GetAsync($"/ipfs/{directory}?format=car&dag-scope={scope}");

        Assert.Equal(blocks, (await ReadCarAsync(answer)).Blocks.Count);
    }

    [Theory]
    [InlineData("dag-scope=block", 1)]
    [InlineData("dag-scope=entity", 5)]
    [InlineData("dag-scope=all", 5)]
    [InlineData("entity-bytes=0:*", 5)]
    [InlineData("entity-bytes=0:1048575", 2)]
    [InlineData("entity-bytes=1048575:1048576", 3)]
    [InlineData("entity-bytes=-1:*", 2)]
    [InlineData("entity-bytes=0:-3145729", 2)]
    [InlineData("entity-bytes=3145728:99999999", 2)]
    public async Task The_scope_of_a_file_says_which_of_its_blocks_come(string query, int blocks)
    {
        var cid = await PinAsync(APicture(AnId(), (3 << 20) + 5));

        using var answer = await client.GetAsync($"/ipfs/{cid}?format=car&{query}");

        Assert.Equal(blocks, (await ReadCarAsync(answer)).Blocks.Count);
    }

    [Fact]
    public async Task A_sharded_directory_is_served_like_a_flat_one()
    {
        var files = Enumerable.Range(0, 6000).Select(index => ($"{index}.json", Encoding.UTF8.GetBytes($"[\"{index}\"]"))).ToArray();
        var directory = await PinDirectoryAsync(files);

        var file = await client.GetStringAsync($"/ipfs/{directory}/4711.json");
        using var byPath = await client.GetAsync($"/ipfs/{directory}/4711.json?format=car");
        using var listing = await client.GetAsync($"/ipfs/{directory}?format=car&dag-scope=entity");

        Assert.Equal("[\"4711\"]", file);
        var (roots, path) = await ReadCarAsync(byPath);
        Assert.Equal(directory, path[0].Cid);
        Assert.Equal(roots, [path[^1].Cid]);
        Assert.InRange(path.Count, 3, 5);
        var nodes = (await ReadCarAsync(listing)).Blocks;
        Assert.All(nodes, node => Assert.IsType<UnixFsNode.Shard>(UnixFs.Decode(node.Cid, node.Data)));
        var memory = new MemoryBlocks();
        nodes.ForEach(memory.Add);
        Assert.Equal(6000, await new UnixFsReader(memory).ListAsync(directory, default).CountAsync());
    }

    [Fact]
    public async Task Answers_many_ranges_with_the_whole()
    {
        var cid = await PinAsync(APicture(AnId(), 100));

        using var answer = await AskAsync(HttpMethod.Get, $"/ipfs/{cid}", range: "bytes=0-1,5-6");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(100, (await answer.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task Each_scope_has_a_tag_of_its_own()
    {
        var cid = await PinAsync(APicture(AnId(), (3 << 20) + 5));
        var tags = new List<string?>();

        foreach (var query in new[] { "", "?format=raw", "?format=car", "?format=car&dag-scope=block", "?format=car&entity-bytes=0:1" })
        {
            using var answer = await AskAsync(HttpMethod.Head, $"/ipfs/{cid}{query}");
            tags.Add(answer.Headers.ETag!.Tag);
        }

        Assert.Equal(5, tags.Distinct().Count());
    }

    [Theory]
    [InlineData("bytes=0-9", 0, 10)]
    [InlineData("bytes=1048570-1048590", 1048570, 21)]
    [InlineData("bytes=-5", (3 << 20), 5)]
    [InlineData("bytes=3145728-", (3 << 20), 5)]
    public async Task Serves_a_range_across_blocks(string range, int offset, int length)
    {
        var picture = APicture(AnId(), (3 << 20) + 5);
        var cid = await PinAsync(picture);

        using var answer = await AskAsync(HttpMethod.Get, $"/ipfs/{cid}", range: range);

        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal($"bytes {offset}-{offset + length - 1}/{picture.Length}", answer.Content.Headers.ContentRange!.ToString());
        Assert.Equal(picture[offset..(offset + length)], await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Refuses_a_range_behind_the_end()
    {
        var cid = await PinAsync(APicture(AnId(), 100));

        using var answer = await AskAsync(HttpMethod.Get, $"/ipfs/{cid}", range: "bytes=100-200");

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, answer.StatusCode);
        Assert.Equal("bytes */100", answer.Content.Headers.ContentRange!.ToString());
        Assert.Equal("no-store", Header(answer, "Cache-Control"));
    }

    [Theory]
    [InlineData(true, HttpStatusCode.PartialContent)]
    [InlineData(false, HttpStatusCode.OK)]
    public async Task Serves_a_range_only_of_the_content_that_is_meant(bool same, HttpStatusCode status)
    {
        var cid = await PinAsync(APicture(AnId(), 100));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/ipfs/{cid}");
        request.Headers.Range = new RangeHeaderValue(0, 9);
        request.Headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue(same ? $"\"{cid}\"" : "\"another\""));

        using var answer = await client.SendAsync(request);

        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?format=raw")]
    [InlineData("?format=car")]
    public async Task What_the_client_has_is_not_sent_again(string query)
    {
        var cid = await PinAsync(APicture(AnId(), 100));
        using var first = await client.GetAsync($"/ipfs/{cid}{query}");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/ipfs/{cid}{query}");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("", 100)]
    [InlineData("?format=raw", 100)]
    [InlineData("?format=car", null)]
    public async Task HEAD_says_what_GET_would(string query, int? length)
    {
        var cid = await PinAsync(APicture(AnId(), 100));
        using var whole = await client.GetAsync($"/ipfs/{cid}{query}");

        using var answer = await AskAsync(HttpMethod.Head, $"/ipfs/{cid}{query}");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(length?.ToString(), answer.Content.Headers.NonValidated.TryGetValues("Content-Length", out var said) ? $"{said}" : null);
        Assert.Equal(whole.Headers.ETag, answer.Headers.ETag);
        Assert.Equal(whole.Content.Headers.ContentType, answer.Content.Headers.ContentType);
    }

    [Theory]
    [InlineData("/ipfs/nonsense", 400, "'nonsense' is not a CID: the multibase prefix 'n' is unknown (known are b, z, f, k).")]
    [InlineData("/ipfs/bafkqaaa?format=tar", 400, "The format 'tar' is unknown here; use raw or car, or none for the file.")]
    [InlineData("/ipfs/bafkqaaa?format=car&dag-scope=most", 400, "The dag-scope 'most' is unknown; use block, entity or all.")]
    [InlineData("/ipfs/bafkqaaa?format=car&car-version=2", 400, "CAR version 2 is not made here, only version 1.")]
    [InlineData("/ipfs/bafkqaaa?format=car&entity-bytes=1-2", 400, "The entity-bytes '1-2' is no range; write from:to, such as 0:1023 or -1024:*.")]
    [InlineData(
        "/ipfs/bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy", 404,
        "Block bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy was not found.")]
    public async Task Says_what_is_wrong(string path, int status, string reason)
    {
        using var answer = await client.GetAsync(path);

        Assert.Equal((status, reason + "\n"), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Equal("no-store", Header(answer, "Cache-Control"));
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
    }

    [Theory]
    [InlineData("application/vnd.ipld.dag-json")]
    [InlineData("application/vnd.ipld.car; version=2")]
    [InlineData("application/vnd.ipfs.ipns-record")]
    public async Task Says_which_types_it_does_not_make(string accept)
    {
        using var answer = await AskAsync(HttpMethod.Get, "/ipfs/bafkqaaa", accept);

        Assert.Equal(HttpStatusCode.NotAcceptable, answer.StatusCode);
    }

    [Fact]
    public async Task Says_which_name_a_directory_does_not_have()
    {
        var directory = await PinDirectoryAsync(("0.json", "{}"u8.ToArray()));

        using var answer = await client.GetAsync($"/ipfs/{directory}/2.json");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal($"Nothing is named '2.json' in {directory} (path '2.json').\n", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Says_that_a_file_has_no_names()
    {
        var cid = await PinAsync(APicture(AnId(), 100));

        using var answer = await client.GetAsync($"/ipfs/{cid}/0.json");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("/ipfs/bafkqaaa/../../../etc/passwd")]
    [InlineData("/ipfs/bafkqaaa/..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/ipfs/..%2f..%2fetc%2fpasswd")]
    public async Task Never_reaches_the_file_system(string path)
    {
        using var answer = await client.GetAsync(path);

        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized });
    }

    [Fact]
    public async Task Answers_the_probe_of_the_specification()
    {
        using var answer = await client.GetAsync("/ipfs/bafkqaaa?format=raw");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Tells_when_the_block_asked_for_is_not_here_and_nothing_else_was_wanted()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/ipfs/bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy");
        request.Headers.CacheControl = new CacheControlHeaderValue { OnlyIfCached = true };

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
    }

    [Fact]
    public async Task Breaks_off_when_a_block_below_is_damaged_so_that_nobody_takes_it_for_the_whole()
    {
        var cid = await PinAsync(APicture(AnId(), (3 << 20) + 5));
        await using (var file = File.OpenWrite(Path.Combine(host.Data, "ipfs", cid.ToString()[^3..^1], $"{cid}.car")))
        {
            file.Position = (3 << 20) - 100;
            file.Write("changed"u8);
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetByteArrayAsync($"/ipfs/{cid}"));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetByteArrayAsync($"/ipfs/{cid}?format=car"));
    }

    [Fact]
    public async Task Admits_that_a_block_is_damaged()
    {
        var cid = await PinAsync(APicture(AnId(), 1000));
        await using (var file = File.OpenWrite(Path.Combine(host.Data, "ipfs", cid.ToString()[^3..^1], $"{cid}.car")))
        {
            file.Position = 500;
            file.Write("changed"u8);
        }

        using var answer = await client.GetAsync($"/ipfs/{cid}?format=raw");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal($"Block {cid} does not have its hash.\n", await answer.Content.ReadAsStringAsync());
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        string.Join(',', answer.Headers.NonValidated[name].ToArray());

    private static async Task<(IReadOnlyList<Cid> Roots, List<Block> Blocks)> ReadCarAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var car = await CarReader.OpenAsync(await answer.Content.ReadAsStreamAsync(), default);
        var blocks = new List<Block>();
        await foreach (var block in car.ReadAsync(default))
        {
            blocks.Add(new Block(block.Cid, block.Data.ToArray()));
        }

        return (car.Roots, blocks);
    }

    private static async Task<byte[]> ReadAsync(List<Block> blocks, Cid cid)
    {
        var memory = new MemoryBlocks();
        blocks.ForEach(memory.Add);
        await using var stream = await new UnixFsReader(memory).OpenAsync(cid);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read);
        return read.ToArray();
    }

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, string? accept = null, string? range = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        if (range is not null)
        {
            request.Headers.TryAddWithoutValidation("Range", range);
        }

        return await client.SendAsync(request);
    }

    private Task<Cid> PinAsync(byte[] bytes) => PinAsync((sink, cancellation) =>
        UnixFsFile.ImportAsync(new MemoryStream(bytes), UnixFsProfile.V1_2025, sink, cancellation));

    private Task<Cid> PinDirectoryAsync(params (string Name, byte[] Bytes)[] files) => PinAsync(DirectoryDag.Of(files).ImportAsync);

    private async Task<Cid> PinAsync(DagImport import)
    {
        var network = host.Get<IContentNetwork>();
        var dag = await network.StageAsync(import, default);
        await network.PinAsync([dag], default);
        return dag.Root.Cid;
    }
}
