using System.Text;

namespace Platform.Content;

/// <summary>The dag-pb codec by hand: canonical writing (links before data), strict reading.</summary>
internal static class DagPb
{
    // PBNode { Data = 1; Links = 2 }, PBLink { Hash = 1; Name = 2; Tsize = 3 } as protobuf keys.
    private const byte DataKey = 0x0a;
    private const byte LinksKey = 0x12;
    private const byte HashKey = 0x0a;
    private const byte NameKey = 0x12;
    private const byte SizeKey = 0x18;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    internal static int Utf8Length(string name)
    {
        return Utf8.GetByteCount(name);
    }

    internal static byte[] Utf8Bytes(string name)
    {
        return Utf8.GetBytes(name);
    }

    /// <summary>Bytes the node will have.</summary>
    internal static long Length(IReadOnlyList<UnixFsLink> links, int data)
    {
        var length = 1L + Varint.Length((ulong)data) + data;

        foreach (var link in links)
        {
            var size = LinkLength(link);
            length += 1 + Varint.Length((ulong)size) + size;
        }

        return length;
    }

    internal static byte[] Encode(IReadOnlyList<UnixFsLink> links, ReadOnlySpan<byte> data)
    {
        var node = new byte[Length(links, data.Length)];
        var at = 0;

        foreach (var link in links)
        {
            node[at++] = LinksKey;
            at += Varint.Write(node.AsSpan(at), (ulong)LinkLength(link));
            node[at++] = HashKey;
            at += Varint.Write(node.AsSpan(at), (ulong)link.Cid.Bytes.Length);
            link.Cid.Bytes.CopyTo(node.AsSpan(at));
            at += link.Cid.Bytes.Length;
            node[at++] = NameKey;
            at += Varint.Write(node.AsSpan(at), (ulong)Utf8.GetByteCount(link.Name));
            at += Utf8.GetBytes(link.Name, node.AsSpan(at));
            node[at++] = SizeKey;
            at += Varint.Write(node.AsSpan(at), (ulong)link.DagSize);
        }

        node[at++] = DataKey;
        at += Varint.Write(node.AsSpan(at), (ulong)data.Length);
        data.CopyTo(node.AsSpan(at));
        return node;
    }

    /// <summary>The links, and where the data lies in the node (null: it has none).</summary>
    /// <exception cref="UnixFsFormatException">Not dag-pb.</exception>
    internal static (List<UnixFsLink> Links, Range? Data) Decode(ReadOnlySpan<byte> node)
    {
        var links = new List<UnixFsLink>();
        Range? data = null;
        var reader = new ProtobufReader(node, "dag-pb node");

        while (reader.TryReadKey(out var key))
        {
            switch (key)
            {
                case LinksKey:
                    links.Add(DecodeLink(node[reader.ReadBytes()]));
                    break;
                case DataKey when data is null:
                    data = reader.ReadBytes();
                    break;
                default:
                    throw reader.Refuse($"unexpected field {key >> 3}");
            }
        }

        return (links, data);
    }

    private static int LinkLength(UnixFsLink link)
    {
        var hash = link.Cid.Bytes.Length;
        var name = Utf8.GetByteCount(link.Name);
        return 3 + Varint.Length((ulong)hash) + hash + Varint.Length((ulong)name) + name
            + Varint.Length((ulong)link.DagSize);
    }

    private static UnixFsLink DecodeLink(ReadOnlySpan<byte> bytes)
    {
        Cid? cid = null;
        var name = "";
        var size = 0UL;
        var last = 0UL;
        var reader = new ProtobufReader(bytes, "dag-pb link");

        while (reader.TryReadKey(out var key))
        {
            if (key <= last)
            {
                throw reader.Refuse("fields repeated or out of order");
            }

            last = key;

            switch (key)
            {
                case HashKey:
                    cid = DecodeCid(bytes[reader.ReadBytes()]);
                    break;
                case NameKey:
                    name = DecodeName(bytes[reader.ReadBytes()]);
                    break;
                case SizeKey:
                    size = reader.ReadVarint();
                    break;
                default:
                    throw reader.Refuse($"unexpected field {key >> 3}");
            }
        }

        return cid is null ? throw reader.Refuse("no hash") : new(name, cid, (long)size);
    }

    private static Cid DecodeCid(ReadOnlySpan<byte> bytes)
    {
        return Cid.Explain(bytes, whole: true, out var cid, out _) is { } reason
            ? throw new UnixFsFormatException($"Invalid dag-pb link: its hash is no CID, {reason}.")
            : cid!;
    }

    private static string DecodeName(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new UnixFsFormatException("Invalid dag-pb link: its name is not UTF-8.");
        }
    }
}
