using System.Collections.Concurrent;

namespace Platform.Content;

/// <summary>Blocks kept in memory: for small DAGs, and for what is not worth a disk.</summary>
public sealed class MemoryBlocks : IBlockSource
{
    private readonly ConcurrentDictionary<Cid, byte[]> _blocks = new();

    /// <summary>Different blocks kept.</summary>
    public int Count => _blocks.Count;

    /// <summary>Keeps a copy of a block; the caller vouches for its address.</summary>
    public void Add(Block block)
    {
        _blocks.TryAdd(block.Cid, block.Data.ToArray());
    }

    /// <summary>As <see cref="Add"/>, in the shape of an import's sink.</summary>
    public ValueTask AddAsync(Block block, CancellationToken cancellation)
    {
        Add(block);
        return ValueTask.CompletedTask;
    }

    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(Cid cid, CancellationToken cancellation)
    {
        // Not "? block : null": that null would become empty memory, by way of an array.
        return new(_blocks.TryGetValue(cid, out var block) ? block : default(ReadOnlyMemory<byte>?));
    }
}
