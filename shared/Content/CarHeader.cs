using System.Buffers.Binary;

namespace Platform.Content;

/// <summary>What a CAR may ask of its reader.</summary>
/// <param name="HeaderSize">Bytes of the header; 64 KiB hold some 1500 roots.</param>
/// <param name="BlockSize">Bytes of one block's data; 2 MiB is what peers exchange at most.</param>
public sealed record CarLimits(int HeaderSize, int BlockSize)
{
    public static CarLimits Default { get; } = new(64 << 10, 2 << 20);
}

/// <summary>The header of a CARv1: dag-cbor of { "roots": [CID …], "version": 1 }.</summary>
internal static class CarHeader
{
    internal static byte[] Encode(IReadOnlyList<Cid> roots)
    {
        using var bytes = new MemoryStream();
        bytes.WriteByte(0xa2);
        WriteText(bytes, "roots"u8);
        WriteHead(bytes, 4, roots.Count);

        foreach (var root in roots)
        {
            bytes.Write([0xd8, 0x2a]); // tag 42: a CID, behind a zero byte (the identity multibase)
            WriteHead(bytes, 2, root.Bytes.Length + 1);
            bytes.WriteByte(0);
            bytes.Write(root.Bytes);
        }

        WriteText(bytes, "version"u8);
        bytes.WriteByte(1);
        return bytes.ToArray();
    }

    /// <param name="header">The header without its length.</param>
    /// <param name="offset">Where it begins in the file, for the errors.</param>
    /// <exception cref="CarFormatException">Not such a header.</exception>
    internal static List<Cid> Decode(ReadOnlySpan<byte> header, long offset)
    {
        var reader = new CborReader(header, offset);
        var entries = reader.ReadHead(5);
        var roots = default(List<Cid>);
        var version = default(long?);

        for (var entry = 0L; entry < entries; entry++)
        {
            var key = reader.ReadString(3);

            if (key.SequenceEqual("roots"u8) && roots is null)
            {
                roots = ReadRoots(ref reader);
            }
            else if (key.SequenceEqual("version"u8) && version is null)
            {
                version = reader.ReadHead(0);
            }
            else
            {
                throw reader.Refuse("a header field unknown or repeated");
            }
        }

        return (version, roots, reader.AtEnd) switch
        {
            (2, _, _) => throw reader.Refuse("version 2 is not read here, only CARv1"),
            (not 1, _, _) => throw reader.Refuse($"version {version} is unknown"),
            (_, null or [], _) => throw reader.Refuse("no roots"),
            (_, _, false) => throw reader.Refuse("bytes behind the header's map"),
            _ => roots,
        };
    }

    private static List<Cid> ReadRoots(ref CborReader reader)
    {
        var count = reader.ReadHead(4);
        var roots = new List<Cid>();

        for (var index = 0L; index < count; index++)
        {
            if (reader.ReadHead(6) != 42)
            {
                throw reader.Refuse("a root that is no CID");
            }

            var bytes = reader.ReadString(2);

            if (bytes is not [0, ..])
            {
                throw reader.Refuse("a root that is no CID");
            }

            if (Cid.Explain(bytes[1..], whole: true, out var cid, out _) is { } reason)
            {
                throw reader.Refuse($"a root that is no CID: {reason}");
            }

            roots.Add(cid!);
        }

        return roots;
    }

    private static void WriteText(MemoryStream bytes, ReadOnlySpan<byte> text)
    {
        WriteHead(bytes, 3, text.Length);
        bytes.Write(text);
    }

    private static void WriteHead(MemoryStream bytes, int major, int value)
    {
        var first = (byte)(major << 5);
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, value);

        bytes.Write(value switch
        {
            < 24 => [(byte)(first | value)],
            <= byte.MaxValue => [(byte)(first | 24), number[3]],
            <= ushort.MaxValue => [(byte)(first | 25), .. number[2..]],
            _ => [(byte)(first | 26), .. number],
        });
    }

    /// <summary>As much of dag-cbor as a header needs: definite lengths, minimal numbers.</summary>
    private ref struct CborReader(ReadOnlySpan<byte> bytes, long offset)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _at;

        internal readonly bool AtEnd => _at == _bytes.Length;

        internal long ReadHead(int major)
        {
            if (AtEnd || _bytes[_at] >> 5 != major)
            {
                throw Refuse("the header is not dag-cbor of a CARv1");
            }

            var info = _bytes[_at++] & 31;

            if (info < 24)
            {
                return info;
            }

            var length = info is >= 24 and <= 26 ? 1 << (info - 24) : throw Refuse("a number out of bounds");

            if (_bytes.Length - _at < length)
            {
                throw Refuse("the header's map is cut off");
            }

            var value = 0L;

            for (var end = _at + length; _at < end; _at++)
            {
                value = (value << 8) | _bytes[_at];
            }

            var least = length == 1 ? 24 : 1L << (4 * length);
            return value >= least ? value : throw Refuse("a number not minimal");
        }

        internal ReadOnlySpan<byte> ReadString(int major)
        {
            var length = ReadHead(major);

            if (length > _bytes.Length - _at)
            {
                throw Refuse("the header's map is cut off");
            }

            _at += (int)length;
            return _bytes[(_at - (int)length).._at];
        }

        internal readonly CarFormatException Refuse(string reason)
        {
            return new(offset + _at, reason);
        }
    }
}
