namespace Platform.Content;

/// <summary>What a UnixFS block can be.</summary>
public abstract record UnixFsNode
{
    private UnixFsNode()
    {
    }

    /// <summary>The nodes below, in order.</summary>
    public virtual IReadOnlyList<UnixFsLink> Links => [];

    /// <summary>A raw block: a whole small file, or a leaf of a large one.</summary>
    public sealed record RawLeaf(ReadOnlyMemory<byte> Data) : UnixFsNode;

    /// <summary>A file, or a part of one: its own bytes first, then those of its children.</summary>
    /// <param name="Data">Bytes held by the node itself; usually none when it has children.</param>
    /// <param name="Children">The parts, in order; nameless.</param>
    /// <param name="BlockSizes">File bytes below each child.</param>
    /// <param name="Size">File bytes of the whole: <paramref name="Data"/> and all block sizes.</param>
    public sealed record File(
        ReadOnlyMemory<byte> Data,
        IReadOnlyList<UnixFsLink> Children,
        IReadOnlyList<long> BlockSizes,
        long Size)
        : UnixFsNode
    {
        public override IReadOnlyList<UnixFsLink> Links => Children;
    }

    /// <summary>A directory in one block.</summary>
    public sealed record Directory(IReadOnlyList<UnixFsLink> Entries) : UnixFsNode
    {
        public override IReadOnlyList<UnixFsLink> Links => Entries;
    }

    /// <summary>A node of a directory spread over blocks by the hash of the names (HAMT).</summary>
    /// <param name="Places">
    /// Names begin with two hex digits, the place; a longer one is an entry, a bare place a shard below.
    /// </param>
    public sealed record Shard(IReadOnlyList<UnixFsLink> Places) : UnixFsNode
    {
        public override IReadOnlyList<UnixFsLink> Links => Places;
    }

    /// <summary>A symbolic link; never followed here.</summary>
    public sealed record Symlink(string Target) : UnixFsNode;
}

/// <summary>Reads blocks as UnixFS nodes (UnixFS and dag-pb specifications).</summary>
public static class UnixFs
{
    /// <summary>
    /// Reads one block; the node's data is a view of the block, not a copy. The hash is not checked here.
    /// </summary>
    /// <exception cref="UnixFsFormatException">
    /// The codec is unknown, or the bytes are not such a node.
    /// </exception>
    public static UnixFsNode Decode(Cid cid, ReadOnlyMemory<byte> block)
    {
        return cid.Codec switch
        {
            Multicodec.Raw => new UnixFsNode.RawLeaf(block),
            Multicodec.DagPb => DecodeDagPb(block),
            _ => throw new UnixFsFormatException($"{cid} has codec 0x{cid.Codec:x}: neither raw nor dag-pb."),
        };
    }

    private static UnixFsNode DecodeDagPb(ReadOnlyMemory<byte> block)
    {
        var (links, range) = DagPb.Decode(block.Span);
        var data = range is { } found
            ? block[found]
            : throw new UnixFsFormatException("A dag-pb node without UnixFS.");
        var message = UnixFsMessage.Decode(data.Span);
        var content = message.Data is { } part ? data[part] : default;

        return message.Type switch
        {
            UnixFsMessage.Kind.Raw or UnixFsMessage.Kind.File => File(links, message, content),
            UnixFsMessage.Kind.Directory => new UnixFsNode.Directory(Named(links)),
            UnixFsMessage.Kind.Shard => Shard(links, message),
            UnixFsMessage.Kind.Symlink => new UnixFsNode.Symlink(
                System.Text.Encoding.UTF8.GetString(content.Span)),
            _ => throw new UnixFsFormatException($"UnixFS type {message.Type} is not read here."),
        };
    }

    private static UnixFsNode.File File(
        List<UnixFsLink> links, UnixFsMessage message, ReadOnlyMemory<byte> content)
    {
        if (links.Count != message.BlockSizes.Count)
        {
            throw new UnixFsFormatException(
                $"A UnixFS file with {links.Count} links and {message.BlockSizes.Count} block sizes.");
        }

        var size = (UInt128)content.Length;

        foreach (var part in message.BlockSizes)
        {
            size += (ulong)part;
        }

        if (size > long.MaxValue || size != (message.FileSize ?? size))
        {
            throw new UnixFsFormatException(
                $"A UnixFS file says it has {message.FileSize} bytes, its parts have {size}.");
        }

        return new(content, links, message.BlockSizes, (long)size);
    }

    private static List<UnixFsLink> Named(List<UnixFsLink> links)
    {
        var names = new HashSet<string>(links.Count, StringComparer.Ordinal);

        foreach (var link in links)
        {
            if (!names.Add(link.Name))
            {
                throw new UnixFsFormatException($"A UnixFS directory names '{link.Name}' twice.");
            }
        }

        return links;
    }

    private static UnixFsNode.Shard Shard(List<UnixFsLink> links, UnixFsMessage message)
    {
        if (message.HashType != Hamt.HashFunction || message.Fanout != Hamt.Fanout)
        {
            throw new UnixFsFormatException(
                $"A shard of fanout {message.Fanout} by hash 0x{message.HashType:x}: only 256 by murmur3 is"
                + " read.");
        }

        foreach (var link in Named(links))
        {
            if (link.Name.Length < 2 || !Hamt.IsPlace(link.Name.AsSpan(0, 2)))
            {
                throw new UnixFsFormatException($"A shard's link is named '{link.Name}', not by its place.");
            }
        }

        return new(links);
    }
}
