namespace Platform.Content;

/// <summary>Bytes and the address that follows from them.</summary>
/// <remarks>
/// Where a stream hands out blocks, the memory is lent until the next one: copy it to keep it.
/// </remarks>
public readonly record struct Block(Cid Cid, ReadOnlyMemory<byte> Data);

/// <summary>What an import made: the address of the whole, and its measures.</summary>
/// <param name="Cid">The root's address.</param>
/// <param name="Size">Bytes of the file; 0 for a directory, which knows only sizes with the wrapping.</param>
/// <param name="DagSize">
/// Bytes of all blocks of the DAG, counting a block as often as it is linked (dag-pb Tsize).
/// </param>
/// <param name="Blocks">
/// Blocks written, equal ones counted each time; for a directory its own nodes only, not its entries' blocks.
/// </param>
public readonly record struct DagRoot(Cid Cid, long Size, long DagSize, long Blocks);

/// <summary>A named child of a node.</summary>
/// <param name="Name">The entry's name; empty below a file.</param>
/// <param name="Cid">The child's address.</param>
/// <param name="DagSize">Bytes of the child's DAG (dag-pb Tsize).</param>
public sealed record UnixFsLink(string Name, Cid Cid, long DagSize);

/// <summary>Where blocks are found by address.</summary>
public interface IBlockSource
{
    /// <summary>
    /// The block's bytes, or null if it is not here. The reader verifies them; a source need not.
    /// </summary>
    ValueTask<ReadOnlyMemory<byte>?> FindAsync(Cid cid, CancellationToken cancellation);
}
