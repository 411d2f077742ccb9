using System.Buffers;
using System.Runtime.CompilerServices;

namespace Platform.Content;

/// <summary>A verified block of a CAR, and where its data lies in the file.</summary>
/// <param name="Cid">The block's address.</param>
/// <param name="Data">Its bytes, lent until the next block is asked for: copy them to keep them.</param>
/// <param name="Offset">Byte of the file at which the data begins, behind its length and CID.</param>
/// <param name="Length">Bytes of the data.</param>
public readonly record struct CarBlock(Cid Cid, ReadOnlyMemory<byte> Data, long Offset, int Length)
{
    /// <summary>What an index keeps of it.</summary>
    public CarEntry Entry => new(Cid, Offset, Length);
}

/// <summary>Reads a CARv1 as a stream, one block in memory at a time, each checked against its CID.</summary>
/// <remarks>
/// By default the header may have 64 KiB and a block 2 MiB. Every fault, a wrong hash included, is a
/// <see cref="CarFormatException"/> that names the byte. Blocks are read once, by one reader.
/// </remarks>
public sealed class CarReader
{
    private readonly Stream _source;
    private readonly CarLimits _limits;
    private byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;
    private long _position;

    private CarReader(Stream source, CarLimits limits)
    {
        _source = source;
        _limits = limits;
    }

    /// <summary>The roots the header names; not checked to be among the blocks. At least one.</summary>
    public IReadOnlyList<Cid> Roots { get; private set; } = [];

    /// <summary>
    /// Reads the header. Offsets count from where the stream stands; it stays the caller's.
    /// </summary>
    /// <exception cref="CarFormatException">Not a CARv1, or its header is over the limit.</exception>
    public static async Task<CarReader> OpenAsync(
        Stream source, CancellationToken cancellation, CarLimits? limits = null)
    {
        var reader = new CarReader(source, limits ?? CarLimits.Default);
        var length = await reader.ReadLengthAsync(reader._limits.HeaderSize, "header", cancellation)
            ?? throw new CarFormatException(0, "the file is empty");
        await reader.FillAsync(length, "header", cancellation);
        reader.Roots = CarHeader.Decode(reader._buffer.AsSpan(reader._start, length), reader._position);
        reader.Advance(length);
        return reader;
    }

    /// <summary>The blocks in the file's order; once.</summary>
    /// <exception cref="CarFormatException">
    /// The file is cut off, breaks a limit, or a block is not what its CID says.
    /// </exception>
    public async IAsyncEnumerable<CarBlock> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var longest = _limits.BlockSize + Cid.MaximumLength;

        while (await ReadLengthAsync(longest, "section", cancellation) is { } length)
        {
            await FillAsync(length, "section", cancellation);
            var block = ReadBlock(_buffer.AsMemory(_start, length));
            Advance(length);
            yield return block;
        }
    }

    private CarBlock ReadBlock(ReadOnlyMemory<byte> section)
    {
        if (Cid.Explain(section.Span, whole: false, out var cid, out var length) is { } reason)
        {
            throw new CarFormatException(_position, $"the section does not begin with a CID, {reason}");
        }

        var data = section[length..];
        var block = new CarBlock(cid!, data, _position + length, data.Length);

        if (data.Length > _limits.BlockSize)
        {
            throw new CarFormatException(
                block.Offset, $"a block of {data.Length} bytes, more than {_limits.BlockSize}");
        }

        if (cid!.HashFunction is not (Multihash.Sha256 or Multihash.Identity))
        {
            throw new CarFormatException(_position, $"{cid} has a hash that is not verified here");
        }

        return cid.Verifies(data.Span)
            ? block
            : throw new CarFormatException(block.Offset, $"the block of {cid} does not have its hash");
    }

    /// <summary>Null at the end of the file.</summary>
    private async ValueTask<int?> ReadLengthAsync(int longest, string what, CancellationToken cancellation)
    {
        await BufferAsync(Varint.MaximumLength, cancellation);

        if (_start == _end)
        {
            return null;
        }

        var status = Varint.Read(_buffer.AsSpan(_start, _end - _start), out var value, out var length);

        if (status != OperationStatus.Done)
        {
            throw new CarFormatException(_position, $"the length of a {what} {Varint.Explain(status)}");
        }

        if (value == 0 || value > (ulong)longest)
        {
            throw new CarFormatException(_position, $"a {what} of {value} bytes; 1 to {longest} are allowed");
        }

        Advance(length);
        return (int)value;
    }

    private async ValueTask FillAsync(int count, string what, CancellationToken cancellation)
    {
        await BufferAsync(count, cancellation);

        if (_end - _start < count)
        {
            throw new CarFormatException(
                _position, $"a {what} of {count} bytes is cut off after {_end - _start}");
        }
    }

    /// <summary>Has this many bytes ready, or all there are.</summary>
    /// <remarks>Grows with what arrives, so that a length alone cannot make us take memory.</remarks>
    private async ValueTask BufferAsync(int count, CancellationToken cancellation)
    {
        while (_end - _start < count)
        {
            if (_end == _buffer.Length)
            {
                MakeRoom();
            }

            var read = await _source.ReadAsync(_buffer.AsMemory(_end), cancellation);

            if (read == 0)
            {
                return;
            }

            _end += read;
        }
    }

    private void MakeRoom()
    {
        var target = _start == 0 ? new byte[_buffer.Length * 2] : _buffer;
        _buffer.AsSpan(_start, _end - _start).CopyTo(target);
        _buffer = target;
        _end -= _start;
        _start = 0;
    }

    private void Advance(int count)
    {
        _start += count;
        _position += count;
    }
}
