using System.Security.Cryptography;

namespace Platform.Content;

/// <summary>Writes and reads directories: flat in one block, or sharded over many (UnixFS, HAMT).</summary>
public static class UnixFsDirectory
{
    /// <summary>
    /// Bytes of a flat directory's node unless asked otherwise; peers refuse blocks over 2 MiB.
    /// </summary>
    public const int DefaultMaximumNodeSize = 1 << 20;

    /// <summary>
    /// Bytes of a flat node above which IPIP-499's <c>unixfs-v1-2025</c> shards a directory (block-bytes).
    /// </summary>
    public const int ShardingThreshold = 256 << 10;

    /// <summary>
    /// Makes a directory as <c>unixfs-v1-2025</c> has it: flat up to 256 KiB of node, sharded above.
    /// </summary>
    /// <param name="links">The entries, as for <see cref="Create"/>.</param>
    /// <param name="sink">Gets each node, the root last; its memory may be kept.</param>
    /// <exception cref="ArgumentException">As for <see cref="CreateSharded"/>.</exception>
    public static DagRoot CreateByProfile(IEnumerable<UnixFsLink> links, Action<Block> sink)
    {
        var sorted = Sort(links);

        if (DagPb.Length(sorted, UnixFsMessage.Directory.Length) > ShardingThreshold)
        {
            return CreateSharded(sorted, sink);
        }

        var (root, node) = Create(sorted);
        sink(node);
        return root;
    }

    /// <summary>
    /// Makes a flat directory; the order of the links does not matter, dag-pb sorts them by their UTF-8
    /// bytes.
    /// </summary>
    /// <param name="links">The entries; each needs the root CID and DagSize of its import.</param>
    /// <param name="maximumNodeSize">Bytes the node may have.</param>
    /// <exception cref="ArgumentException">
    /// A name is empty, ".", "..", has '/' or NUL or a lone surrogate, or comes twice, or a size is negative.
    /// </exception>
    /// <exception cref="DirectoryTooLargeException">The node would be larger than allowed.</exception>
    public static (DagRoot Root, Block Node) Create(
        IEnumerable<UnixFsLink> links, int maximumNodeSize = DefaultMaximumNodeSize)
    {
        var sorted = Sort(links);
        var size = DagPb.Length(sorted, UnixFsMessage.Directory.Length);

        if (size > maximumNodeSize)
        {
            throw new DirectoryTooLargeException(size, maximumNodeSize);
        }

        var block = Seal(DagPb.Encode(sorted, UnixFsMessage.Directory));
        return (new(block.Cid, 0, size + sorted.Sum(link => link.DagSize), 1), block);
    }

    /// <summary>
    /// Makes a sharded directory of any number of entries: 256 places a node, by murmur3 of the names.
    /// </summary>
    /// <param name="links">The entries, as for <see cref="Create"/>.</param>
    /// <param name="sink">Gets each node, children first, the root last; its memory may be kept.</param>
    /// <exception cref="ArgumentException">
    /// As for <see cref="Create"/>, or names agree in all 64 bits of the hash.
    /// </exception>
    public static DagRoot CreateSharded(IEnumerable<UnixFsLink> links, Action<Block> sink)
    {
        var entries = Sort(links).ConvertAll(link => (Hamt.Hash(DagPb.Utf8Bytes(link.Name)), link));
        var blocks = 0L;
        var root = Shard(entries, 0, block =>
        {
            blocks++;
            sink(block);
        });

        return new(root.Cid, 0, root.DagSize, blocks);
    }

    /// <summary>The entries of a flat directory's node, as they are stored.</summary>
    /// <exception cref="UnixFsFormatException">Not a flat directory, or a name comes twice.</exception>
    public static IReadOnlyList<UnixFsLink> Read(ReadOnlySpan<byte> node)
    {
        var cid = Cid.DagPb(SHA256.HashData(node));

        return UnixFs.Decode(cid, node.ToArray()) is UnixFsNode.Directory directory
            ? directory.Entries
            : throw new UnixFsFormatException("The node is no flat directory.");
    }

    private static UnixFsLink Shard(
        List<(ulong Hash, UnixFsLink Link)> entries, int level, Action<Block> sink)
    {
        if (level == Hamt.Depth)
        {
            throw new ArgumentException($"Names collide in every bit of the hash: '{entries[0].Link.Name}'.");
        }

        var places = new List<UnixFsLink>();
        var bits = new byte[Hamt.Fanout / 8];

        var groups = entries.GroupBy(entry => Hamt.Place(entry.Hash, level));

        foreach (var group in groups.OrderBy(group => group.Key))
        {
            var inside = group.ToList();
            var place = group.Key.ToString("X2");
            bits[^((group.Key / 8) + 1)] |= (byte)(1 << (group.Key % 8));
            places.Add(inside is [var only]
                ? only.Link with { Name = place + only.Link.Name }
                : Shard(inside, level + 1, sink) with { Name = place });
        }

        var first = bits.AsSpan().IndexOfAnyExcept((byte)0);
        var field = first < 0 ? [] : bits.AsSpan(first);
        var block = Seal(DagPb.Encode(places, UnixFsMessage.Shard(field, Hamt.HashFunction, Hamt.Fanout)));
        sink(block);
        return new("", block.Cid, block.Data.Length + places.Sum(place => place.DagSize));
    }

    private static Block Seal(byte[] node)
    {
        return new(Cid.DagPb(SHA256.HashData(node)), node);
    }

    private static List<UnixFsLink> Sort(IEnumerable<UnixFsLink> links)
    {
        var keyed = links.Select(link => (Key: Key(link), Link: link)).ToList();
        keyed.Sort(static (left, right) => left.Key.AsSpan().SequenceCompareTo(right.Key));

        for (var index = 1; index < keyed.Count; index++)
        {
            if (keyed[index].Link.Name == keyed[index - 1].Link.Name)
            {
                throw new ArgumentException(
                    $"The directory names '{keyed[index].Link.Name}' twice.", nameof(links));
            }
        }

        return keyed.ConvertAll(entry => entry.Link);
    }

    private static byte[] Key(UnixFsLink link)
    {
        if (link.Name is "" or "." or ".." || link.Name.AsSpan().ContainsAny('/', '\0'))
        {
            throw new ArgumentException($"'{link.Name}' cannot be a name in a directory.", nameof(link));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(link.DagSize);
        return DagPb.Utf8Bytes(link.Name);
    }
}
