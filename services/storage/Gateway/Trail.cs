using Platform.Content;

namespace Platform.Storage;

/// <summary>The way from a root along a path: every block read on it, verified, in order, each once.</summary>
/// <remarks>
/// A source of blocks like the network behind it, so the reader that follows the path, lists the directory or reads the
/// range decides which blocks belong to the answer. Until a sink is set, blocks are kept; afterwards they flow through.
/// For one request only.
/// </remarks>
internal sealed class Trail : IBlockSource
{
    private readonly UnixFsReader network;
    private readonly HashSet<Cid> seen = [];
    private readonly Dictionary<Cid, ReadOnlyMemory<byte>> kept = [];
    private readonly List<Cid> order = [];
    private readonly List<Cid> roots = [];
    private Func<Block, ValueTask>? sink;

    public Trail(IBlockSource network)
    {
        this.network = new UnixFsReader(network);
        Reader = new UnixFsReader(this);
    }

    /// <summary>Reads by this trail.</summary>
    public UnixFsReader Reader { get; }

    /// <summary>The root and what each name of the path led to.</summary>
    public IReadOnlyList<Cid> Roots => roots;

    public async Task<UnixFsEntry> FollowAsync(Cid root, IReadOnlyList<string> path, CancellationToken cancellation)
    {
        var entry = await Reader.ResolveAsync(root, "", cancellation);
        roots.Add(entry.Cid);
        foreach (var name in path)
        {
            entry = await Reader.ResolveAsync(entry.Cid, name, cancellation);
            roots.Add(entry.Cid);
        }

        return entry;
    }

    /// <summary>Gives the sink what was read so far, then all that is read from now on.</summary>
    public async Task FlowAsync(Func<Block, ValueTask> into)
    {
        sink = into;
        foreach (var cid in order)
        {
            await into(new Block(cid, kept[cid]));
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>?> FindAsync(Cid cid, CancellationToken cancellation)
    {
        if (kept.TryGetValue(cid, out var known))
        {
            return known;
        }

        var bytes = await network.GetAsync(cid, cancellation);
        if (seen.Add(cid))
        {
            if (sink is not null)
            {
                await sink(new Block(cid, bytes));
            }
            else
            {
                order.Add(cid);
                kept.Add(cid, bytes);
            }
        }

        return bytes;
    }
}
