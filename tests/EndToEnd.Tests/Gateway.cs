using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Platform.EndToEnd.Tests;

/// <summary>The content gateway as a stranger uses it: believes no byte that does not hash to its CID.</summary>
public sealed class Gateway(Uri address)
{
    private const byte Raw = 0x55;
    private const byte DagPb = 0x70;
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";

    private static readonly HttpClient Http = new(new SocketsHttpHandler()) { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>A file's bytes, twice over: as the gateway serves them, and as its blocks make them.</summary>
    public async Task<byte[]> FileAsync(Uri ipfs)
    {
        Assert.Equal("ipfs", ipfs.Scheme);
        var served = await Http.GetAsync(new Uri(address, $"ipfs/{ipfs.Host}{ipfs.AbsolutePath}".TrimEnd('/')));
        Assert.True(served.StatusCode == HttpStatusCode.OK, $"{ipfs}: {served.StatusCode}");
        var bytes = await served.Content.ReadAsByteArrayAsync();

        var cid = Parse(ipfs.Host);
        foreach (var name in ipfs.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            cid = Links(await BlockAsync(cid)).Single(link => link.Name == name).Cid;
        }

        using var blocks = new MemoryStream();
        await ReadAsync(cid, blocks);
        Assert.True(blocks.ToArray().AsSpan().SequenceEqual(bytes), $"{ipfs}: what is served is not what its blocks make.");
        return bytes;
    }

    public async Task<JsonNode> JsonAsync(Uri ipfs) => JsonNode.Parse(await FileAsync(ipfs))!;

    private async Task ReadAsync(byte[] cid, Stream into)
    {
        var block = await BlockAsync(cid);
        if (cid[1] == Raw)
        {
            await into.WriteAsync(block);
            return;
        }

        var links = Links(block).ToList();
        Assert.True(links.Count > 0, "A dag-pb file without links: its bytes would be inline, which this profile never does.");
        foreach (var (_, child) in links)
        {
            await ReadAsync(child, into);
        }
    }

    private async Task<byte[]> BlockAsync(byte[] cid)
    {
        var text = ToText(cid);
        var block = await Http.GetByteArrayAsync(new Uri(address, $"ipfs/{text}?format=raw"));
        Assert.Equal(Convert.ToHexString(cid.AsSpan(4)), Convert.ToHexString(SHA256.HashData(block)));
        return block;
    }

    /// <summary>CIDv1: version 1, codec, sha2-256, 32 bytes.</summary>
    private static byte[] Parse(string text)
    {
        Assert.StartsWith("b", text, StringComparison.Ordinal);
        var bytes = new List<byte>();
        var (buffer, bits) = (0, 0);
        foreach (var letter in text.Skip(1))
        {
            buffer = (buffer << 5) | Base32.IndexOf(letter);
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(buffer >> bits));
                buffer &= (1 << bits) - 1;
            }
        }

        Assert.Equal(36, bytes.Count);
        Assert.True(bytes is [1, Raw or DagPb, 0x12, 32, ..], $"{text} is not a CIDv1 of SHA-256.");
        return [.. bytes];
    }

    private static string ToText(byte[] cid)
    {
        var text = new StringBuilder("b");
        var (buffer, bits) = (0, 0);
        foreach (var value in cid)
        {
            buffer = (buffer << 8) | value;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text.Append(Base32[(buffer >> bits) & 31]);
                buffer &= (1 << bits) - 1;
            }
        }

        return (bits == 0 ? text : text.Append(Base32[(buffer << (5 - bits)) & 31])).ToString();
    }

    /// <summary>PBNode: field 2 is a PBLink, whose field 1 is the CID and field 2 the name.</summary>
    private static IEnumerable<(string Name, byte[] Cid)> Links(byte[] node)
    {
        foreach (var (field, value) in Fields(node).Where(each => each.Field == 2))
        {
            var link = Fields(value).ToLookup(each => each.Field, each => each.Value);
            yield return (Encoding.UTF8.GetString(link[2].FirstOrDefault() ?? []), link[1].Single());
        }
    }

    private static IEnumerable<(int Field, byte[] Value)> Fields(byte[] message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            var size = Varint(message, ref at);
            if ((tag & 7) == 2)
            {
                yield return (tag >> 3, message[at..(at + size)]);
                at += size;
            }
        }
    }

    private static int Varint(byte[] bytes, ref int at)
    {
        for (var (value, shift) = (0, 0); ; shift += 7)
        {
            value |= (bytes[at] & 0x7f) << shift;
            if (bytes[at++] < 0x80)
            {
                return value;
            }
        }
    }
}
