using System.Runtime.CompilerServices;

namespace Platform.Content;

/// <summary>A node found by path, with its verified block.</summary>
/// <param name="Cid">The node's address.</param>
/// <param name="Node">The block, decoded.</param>
public sealed record UnixFsEntry(Cid Cid, UnixFsNode Node);

/// <summary>Reads files and directories out of blocks, checking every block against its address.</summary>
/// <remarks>
/// Throws <see cref="ContentNotFoundException"/> for a missing block or path entry, <see
/// cref="CorruptBlockException"/> for a block that is not what its address says, <see
/// cref="UnixFsFormatException"/> for one that is no UnixFS node, and NotSupportedException for hash
/// functions other than SHA-256. Holds no state: safe to share between threads.
/// </remarks>
public sealed class UnixFsReader(IBlockSource blocks)
{
    /// <summary>
    /// Levels of a DAG followed before it is refused: 1024 links a node reach any size within seven.
    /// </summary>
    internal const int MaximumDepth = 64;

    /// <summary>
    /// Resolves <c>&lt;cid&gt;/a/b.json</c>, also behind <c>ipfs://</c> or <c>/ipfs/</c>; names are literal.
    /// </summary>
    /// <exception cref="FormatException">The path does not begin with a CID.</exception>
    public Task<UnixFsEntry> ResolveAsync(string path, CancellationToken cancellation)
    {
        var rest = path.StartsWith("ipfs://", StringComparison.Ordinal) ? path[7..]
            : path.StartsWith("/ipfs/", StringComparison.Ordinal) ? path[6..]
            : path;
        var slash = rest.IndexOf('/', StringComparison.Ordinal);

        return slash < 0
            ? ResolveAsync(Cid.Parse(rest), "", cancellation)
            : ResolveAsync(Cid.Parse(rest[..slash]), rest[(slash + 1)..], cancellation);
    }

    /// <summary>Follows names from a root down; empty segments are passed over, as gateways do.</summary>
    public async Task<UnixFsEntry> ResolveAsync(Cid root, string path, CancellationToken cancellation)
    {
        var entry = await LoadAsync(root, cancellation);

        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var link = await FindEntryAsync(entry, name, path, cancellation);
            entry = await LoadAsync(link.Cid, cancellation);
        }

        return entry;
    }

    /// <summary>The entries of a directory, flat or sharded, in stored order.</summary>
    /// <exception cref="UnixFsFormatException">The node is no directory.</exception>
    public async IAsyncEnumerable<UnixFsLink> ListAsync(
        Cid directory, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var pending = new Stack<(UnixFsLink Link, int Depth)>([(new("", directory, 0), 0)]);

        while (pending.TryPop(out var next))
        {
            var (cid, node) = await LoadAsync(next.Link.Cid, cancellation);

            switch (node)
            {
                case UnixFsNode.Directory flat when next.Depth == 0:
                    foreach (var entry in flat.Entries)
                    {
                        yield return entry;
                    }

                    break;
                case UnixFsNode.Shard shard when next.Depth <= Hamt.Depth:
                    foreach (var place in shard.Places.Where(place => place.Name.Length > 2))
                    {
                        yield return place with { Name = place.Name[2..] };
                    }

                    foreach (var place in shard.Places.Reverse().Where(place => place.Name.Length == 2))
                    {
                        pending.Push((place, next.Depth + 1));
                    }

                    break;
                default:
                    throw new UnixFsFormatException($"{cid} is no directory.");
            }
        }
    }

    /// <summary>
    /// Opens a file, or a part of it, as a seekable stream that fetches blocks as they are read.
    /// </summary>
    /// <param name="file">The file's address.</param>
    /// <param name="offset">Bytes from the beginning of the file at which the stream begins.</param>
    /// <param name="length">
    /// Bytes of the stream; null: to the end. More than there is ends at the file's end.
    /// </param>
    /// <param name="cancellation">Ends the opening; reads take their own.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The offset lies behind the end, or a number is negative.
    /// </exception>
    public async Task<Stream> OpenAsync(
        Cid file, long offset = 0, long? length = null, CancellationToken cancellation = default)
    {
        var root = FileNode(await LoadAsync(file, cancellation));
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, root.Size);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        return new UnixFsStream(this, root, offset, Math.Min(length ?? long.MaxValue, root.Size - offset));
    }

    /// <summary>
    /// All blocks below a root, depth first, a node before its children, each once (the order of CAR files).
    /// </summary>
    /// <remarks>Remembers each CID, some 100 bytes a block, to leave repetitions out.</remarks>
    public async IAsyncEnumerable<Block> WalkAsync(
        Cid root, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new HashSet<Cid>();
        var pending = new Stack<(Cid Cid, int Depth)>([(root, 0)]);

        while (pending.TryPop(out var next))
        {
            if (!seen.Add(next.Cid))
            {
                continue;
            }

            if (next.Depth > MaximumDepth)
            {
                throw new UnixFsFormatException(
                    $"The DAG below {root} is deeper than {MaximumDepth} levels.");
            }

            var block = await GetAsync(next.Cid, cancellation);

            foreach (var link in UnixFs.Decode(next.Cid, block).Links.Reverse())
            {
                pending.Push((link.Cid, next.Depth + 1));
            }

            yield return new(next.Cid, block);
        }
    }

    internal static UnixFsNode.File FileNode(UnixFsEntry entry)
    {
        return entry.Node switch
        {
            UnixFsNode.File file => file,
            UnixFsNode.RawLeaf leaf => new(leaf.Data, [], [], leaf.Data.Length),
            _ => throw new UnixFsFormatException($"{entry.Cid} is no file."),
        };
    }

    internal async ValueTask<UnixFsEntry> LoadAsync(Cid cid, CancellationToken cancellation)
    {
        return new(cid, UnixFs.Decode(cid, await GetAsync(cid, cancellation)));
    }

    /// <summary>One block, verified.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, CancellationToken cancellation)
    {
        if (cid.HashFunction == Multihash.Identity)
        {
            return cid.DigestMemory;
        }

        var block = await blocks.FindAsync(cid, cancellation) ?? throw ContentNotFoundException.OfBlock(cid);

        return cid.Verifies(block.Span)
            ? block
            : throw new CorruptBlockException(cid, "does not have its hash");
    }

    private async ValueTask<UnixFsLink> FindEntryAsync(
        UnixFsEntry directory, string name, string path, CancellationToken cancellation)
    {
        var (cid, node) = directory;

        if (node is UnixFsNode.Directory flat)
        {
            return flat.Entries.FirstOrDefault(link => link.Name == name)
                ?? throw ContentNotFoundException.OfEntry(cid, name, path);
        }

        var hash = Hamt.Hash(System.Text.Encoding.UTF8.GetBytes(name));

        for (var level = 0; node is UnixFsNode.Shard shard && level < Hamt.Depth; level++)
        {
            var place = Hamt.Place(hash, level).ToString("X2");

            if (shard.Places.FirstOrDefault(link => link.Name == place + name) is { } entry)
            {
                return entry;
            }

            if (shard.Places.FirstOrDefault(link => link.Name == place) is not { } below)
            {
                throw ContentNotFoundException.OfEntry(cid, name, path);
            }

            (cid, node) = await LoadAsync(below.Cid, cancellation);
        }

        throw ContentNotFoundException.OfEntry(cid, name, path);
    }
}
