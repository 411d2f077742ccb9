using System.Buffers;
using System.Security.Cryptography;

namespace Platform.Content;

/// <summary>Cuts a file into blocks and gives it its address (UnixFS, balanced layout).</summary>
public static class UnixFsFile
{
    /// <summary>
    /// Imports a stream of any length; memory is one leaf and a few lists of links, whatever the size.
    /// </summary>
    /// <param name="bytes">Read to its end; how its reads are cut does not matter.</param>
    /// <param name="profile">The choices that decide the CID.</param>
    /// <param name="sink">
    /// Gets each block once it is whole: leaves in order, a node after its children, the root last. The
    /// block's memory is lent until the sink returns.
    /// </param>
    /// <param name="cancellation">Ends the import between blocks.</param>
    /// <exception cref="ArgumentException">The profile is impossible.</exception>
    public static async Task<DagRoot> ImportAsync(
        Stream bytes,
        UnixFsProfile profile,
        Func<Block, CancellationToken, ValueTask> sink,
        CancellationToken cancellation)
    {
        var dag = new BalancedDag(profile);
        var buffer = ArrayPool<byte>.Shared.Rent(profile.ChunkSize);

        try
        {
            while (true)
            {
                var chunk = buffer.AsMemory(0, profile.ChunkSize);
                var read = await bytes.ReadAtLeastAsync(
                    chunk, chunk.Length, throwOnEndOfStream: false, cancellation);

                if (read == 0 && dag.Blocks > 0)
                {
                    break;
                }

                dag.Add(chunk[..read]);
                await DrainAsync(dag, sink, cancellation);

                if (read < chunk.Length)
                {
                    break;
                }
            }

            var root = dag.Complete();
            await DrainAsync(dag, sink, cancellation);
            return root;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Imports bytes already in memory; raw leaves given to the sink are views of them.</summary>
    /// <exception cref="ArgumentException">The profile is impossible.</exception>
    public static DagRoot Import(
        ReadOnlyMemory<byte> bytes, UnixFsProfile profile, Action<Block>? sink = null)
    {
        var dag = new BalancedDag(profile);

        do
        {
            var length = Math.Min(bytes.Length, profile.ChunkSize);
            dag.Add(bytes[..length]);
            bytes = bytes[length..];
            Drain(dag, sink);
        }
        while (!bytes.IsEmpty);

        var root = dag.Complete();
        Drain(dag, sink);
        return root;
    }

    private static async ValueTask DrainAsync(
        BalancedDag dag, Func<Block, CancellationToken, ValueTask> sink, CancellationToken cancellation)
    {
        while (dag.Finished.TryDequeue(out var block))
        {
            cancellation.ThrowIfCancellationRequested();
            await sink(block, cancellation);
        }
    }

    private static void Drain(BalancedDag dag, Action<Block>? sink)
    {
        while (dag.Finished.TryDequeue(out var block))
        {
            sink?.Invoke(block);
        }
    }

    /// <summary>
    /// Grows the tree leaf by leaf, all leaves at one depth, each node full before the next begins.
    /// </summary>
    /// <remarks>
    /// A level holds fewer than Width children at rest: the one that fills it sends a node to the level
    /// above. So the memory is Width times the depth, and the depth the logarithm of the size.
    /// </remarks>
    private sealed class BalancedDag
    {
        private readonly UnixFsProfile _profile;
        private readonly List<List<Child>> _levels = [[]];

        internal BalancedDag(UnixFsProfile profile)
        {
            profile.Validate();
            _profile = profile;
        }

        internal Queue<Block> Finished { get; } = new();

        internal long Blocks { get; private set; }

        internal void Add(ReadOnlyMemory<byte> chunk)
        {
            if (!_profile.RawLeaves)
            {
                AddNode(0, [], UnixFsMessage.File(chunk.Span, [], chunk.Length), chunk.Length, 0);
                return;
            }

            Span<byte> digest = stackalloc byte[Multihash.Sha256Length];
            SHA256.HashData(chunk.Span, digest);
            var cid = Cid.Raw(digest);
            Finish(new(cid, chunk));
            Push(0, new(cid, chunk.Length, chunk.Length));
        }

        internal DagRoot Complete()
        {
            for (var level = 0; ; level++)
            {
                var children = _levels[level];

                if (level == _levels.Count - 1 && children.Count == 1)
                {
                    return new(children[0].Cid, children[0].Size, children[0].DagSize, Blocks);
                }

                if (children.Count > 0)
                {
                    Reduce(level);
                }
            }
        }

        private void Finish(Block block)
        {
            Blocks++;
            Finished.Enqueue(block);
        }

        private void Push(int level, Child child)
        {
            if (level == _levels.Count)
            {
                _levels.Add([]);
            }

            _levels[level].Add(child);

            if (_levels[level].Count == _profile.Width)
            {
                Reduce(level);
            }
        }

        private void Reduce(int level)
        {
            var children = _levels[level];
            var links = children.ConvertAll(child => new UnixFsLink("", child.Cid, child.DagSize));
            var sizes = children.ConvertAll(child => child.Size);
            var message = UnixFsMessage.File([], [.. sizes], sizes.Sum());
            var below = children.Sum(child => child.DagSize);
            children.Clear();
            AddNode(level + 1, links, message, sizes.Sum(), below);
        }

        private void AddNode(int level, List<UnixFsLink> links, byte[] message, long size, long below)
        {
            var node = DagPb.Encode(links, message);
            Span<byte> digest = stackalloc byte[Multihash.Sha256Length];
            SHA256.HashData(node, digest);
            var cid = _profile.CidVersion == 0 ? Cid.DagPbVersion0(digest) : Cid.DagPb(digest);
            Finish(new(cid, node));
            Push(level, new(cid, size, below + node.Length));
        }

        private readonly record struct Child(Cid Cid, long Size, long DagSize);
    }
}
