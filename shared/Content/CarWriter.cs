namespace Platform.Content;

/// <summary>Where a block's bytes lie in a CAR file.</summary>
/// <param name="Cid">The block's address.</param>
/// <param name="Offset">Byte of the file at which the block's data begins, behind its length and CID.</param>
/// <param name="Length">Bytes of the data.</param>
public readonly record struct CarEntry(Cid Cid, long Offset, int Length);

/// <summary>Writes a CARv1 file block by block; the file is whole after each of them.</summary>
public sealed class CarWriter
{
    private readonly Stream _target;
    private readonly byte[] _head = new byte[Varint.MaximumLength + Cid.MaximumLength];

    private CarWriter(Stream target, long position)
    {
        _target = target;
        Position = position;
    }

    /// <summary>Bytes written so far, the header among them.</summary>
    public long Position { get; private set; }

    /// <summary>Writes the header; the stream stays the caller's.</summary>
    /// <exception cref="ArgumentException">There is no root, or the header would exceed 64 KiB.</exception>
    public static async Task<CarWriter> CreateAsync(
        Stream target, IReadOnlyList<Cid> roots, CancellationToken cancellation)
    {
        var header = CarHeader.Encode(roots);

        if (roots.Count == 0 || header.Length > CarLimits.Default.HeaderSize)
        {
            throw new ArgumentException(
                $"A CAR wants roots, and at most 64 KiB of them; got {roots.Count}.", nameof(roots));
        }

        var prefix = new byte[Varint.Length((ulong)header.Length)];
        Varint.Write(prefix, (ulong)header.Length);
        await target.WriteAsync(prefix, cancellation);
        await target.WriteAsync(header, cancellation);
        return new(target, prefix.Length + header.Length);
    }

    /// <summary>Writes a whole CAR of one root and its blocks; answers the bytes written.</summary>
    public static async Task<long> WriteAsync(
        Stream target, Cid root, IAsyncEnumerable<Block> blocks, CancellationToken cancellation)
    {
        var car = await CreateAsync(target, [root], cancellation);

        await foreach (var block in blocks.WithCancellation(cancellation))
        {
            await car.WriteAsync(block, cancellation);
        }

        return car.Position;
    }

    /// <summary>
    /// Appends a block, which the caller vouches for, and answers where its data went. One at a time.
    /// </summary>
    /// <exception cref="ArgumentException">The block is over 2 MiB: no reader would take it.</exception>
    public async ValueTask<CarEntry> WriteAsync(Block block, CancellationToken cancellation)
    {
        if (block.Data.Length > CarLimits.Default.BlockSize)
        {
            throw new ArgumentException(
                $"Block {block.Cid} has {block.Data.Length} bytes, more than 2 MiB.", nameof(block));
        }

        var length = Varint.Write(_head, (ulong)(block.Cid.Bytes.Length + block.Data.Length));
        block.Cid.Bytes.CopyTo(_head.AsSpan(length));
        length += block.Cid.Bytes.Length;
        await _target.WriteAsync(_head.AsMemory(0, length), cancellation);
        await _target.WriteAsync(block.Data, cancellation);
        var entry = new CarEntry(block.Cid, Position + length, block.Data.Length);
        Position = entry.Offset + entry.Length;
        return entry;
    }
}
