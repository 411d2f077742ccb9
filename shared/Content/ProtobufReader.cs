using System.Buffers;

namespace Platform.Content;

/// <summary>Walks the fields of one protobuf message, refusing what no canonical writer makes.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes, string what)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>Field number and wire type as one number; false at the end.</summary>
    internal bool TryReadKey(out ulong key)
    {
        key = 0;

        if (_at == _bytes.Length)
        {
            return false;
        }

        key = ReadVarint();
        return true;
    }

    internal ulong ReadVarint()
    {
        var status = Varint.Read(_bytes[_at..], out var value, out var length);

        if (status != OperationStatus.Done)
        {
            throw Refuse($"a number {Varint.Explain(status)}");
        }

        _at += length;
        return value;
    }

    internal Range ReadBytes()
    {
        var length = ReadVarint();

        if (length > (ulong)(_bytes.Length - _at))
        {
            throw Refuse($"a field of {length} bytes where {_bytes.Length - _at} are left");
        }

        var range = _at..(_at + (int)length);
        _at += (int)length;
        return range;
    }

    internal void Skip(ulong key)
    {
        switch (key & 7)
        {
            case 0:
                ReadVarint();
                break;
            case 1 when _bytes.Length - _at >= 8:
                _at += 8;
                break;
            case 2:
                ReadBytes();
                break;
            case 5 when _bytes.Length - _at >= 4:
                _at += 4;
                break;
            default:
                throw Refuse($"field {key >> 3} cannot be skipped");
        }
    }

    internal readonly UnixFsFormatException Refuse(string reason)
    {
        return new($"Invalid {what} at byte {_at}: {reason}.");
    }
}
