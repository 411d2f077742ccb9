namespace Platform.Content;

/// <summary>
/// Reads a range of a file, holding only the blocks on the way from the root to where it reads.
/// </summary>
internal sealed class UnixFsStream(
    UnixFsReader reader, UnixFsNode.File root, long origin, long length) : Stream
{
    private readonly Stack<(UnixFsNode.File Node, long Start)> _path = new([(root, 0)]);
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = (int)Math.Min(buffer.Length, Math.Max(0, length - _position));

        if (count == 0)
        {
            return 0;
        }

        var available = await LocateAsync(origin + _position, cancellationToken);
        count = Math.Min(count, available.Length);
        available[..count].CopyTo(buffer);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        throw new NotSupportedException("Blocks may come from far away: read asynchronously.");
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        return Position = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            _ => length,
        };
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value)
    {
        throw new NotSupportedException("Content does not change.");
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        throw new NotSupportedException("Content does not change.");
    }

    /// <summary>The bytes held by the block that has this position of the file, from there on.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> LocateAsync(long position, CancellationToken cancellation)
    {
        while (_path.Peek() is var (node, start) && (position < start || position >= start + node.Size))
        {
            _path.Pop();
        }

        while (true)
        {
            var (node, start) = _path.Peek();

            if (position - start < node.Data.Length)
            {
                return node.Data[(int)(position - start)..];
            }

            if (_path.Count > UnixFsReader.MaximumDepth)
            {
                throw new UnixFsFormatException(
                    $"The file is deeper than {UnixFsReader.MaximumDepth} levels.");
            }

            _path.Push(await DescendAsync(node, start, position, cancellation));
        }
    }

    private async ValueTask<(UnixFsNode.File Node, long Start)> DescendAsync(
        UnixFsNode.File node, long start, long position, CancellationToken cancellation)
    {
        var at = start + node.Data.Length;
        var index = 0;

        for (; position >= at + node.BlockSizes[index]; index++)
        {
            at += node.BlockSizes[index];
        }

        var entry = await reader.LoadAsync(node.Children[index].Cid, cancellation);
        var child = UnixFsReader.FileNode(entry);

        return child.Size == node.BlockSizes[index]
            ? (child, at)
            : throw new CorruptBlockException(
                entry.Cid, $"has {child.Size} file bytes where its parent says {node.BlockSizes[index]}");
    }
}
