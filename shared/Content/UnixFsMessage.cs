namespace Platform.Content;

/// <summary>The UnixFS protobuf inside a dag-pb node's data.</summary>
internal readonly record struct UnixFsMessage(
    UnixFsMessage.Kind Type,
    Range? Data,
    ulong? FileSize,
    List<long> BlockSizes,
    ulong HashType,
    ulong Fanout)
{
    internal enum Kind
    {
        Raw = 0,
        Directory = 1,
        File = 2,
        Metadata = 3,
        Symlink = 4,
        Shard = 5,
    }

    internal static ReadOnlySpan<byte> Directory => [0x08, (byte)Kind.Directory];

    /// <summary>A file node: its own bytes (a wrapped leaf) or the sizes of the files below it.</summary>
    internal static byte[] File(ReadOnlySpan<byte> data, ReadOnlySpan<long> blockSizes, long fileSize)
    {
        var length = 3 + Varint.Length((ulong)fileSize)
            + (data.IsEmpty ? 0 : 1 + Varint.Length((ulong)data.Length) + data.Length);

        foreach (var size in blockSizes)
        {
            length += 1 + Varint.Length((ulong)size);
        }

        var message = new byte[length];
        message[0] = 0x08;
        message[1] = (byte)Kind.File;
        var at = 2;

        if (!data.IsEmpty)
        {
            message[at++] = 0x12;
            at += Varint.Write(message.AsSpan(at), (ulong)data.Length);
            data.CopyTo(message.AsSpan(at));
            at += data.Length;
        }

        message[at++] = 0x18;
        at += Varint.Write(message.AsSpan(at), (ulong)fileSize);

        foreach (var size in blockSizes)
        {
            message[at++] = 0x20;
            at += Varint.Write(message.AsSpan(at), (ulong)size);
        }

        return message;
    }

    /// <summary>A HAMT shard: which of its 256 places are taken.</summary>
    internal static byte[] Shard(ReadOnlySpan<byte> bitfield, ulong hashType, ulong fanout)
    {
        Span<byte> head = stackalloc byte[3 + Varint.MaximumLength];
        Span<byte> tail = stackalloc byte[2 + (2 * Varint.MaximumLength)];
        head[0] = 0x08;
        head[1] = (byte)Kind.Shard;
        head[2] = 0x12;
        var headLength = 3 + Varint.Write(head[3..], (ulong)bitfield.Length);
        tail[0] = 0x28;
        var tailLength = 1 + Varint.Write(tail[1..], hashType);
        tail[tailLength++] = 0x30;
        tailLength += Varint.Write(tail[tailLength..], fanout);
        return [.. head[..headLength], .. bitfield, .. tail[..tailLength]];
    }

    /// <exception cref="UnixFsFormatException">Not a UnixFS message.</exception>
    internal static UnixFsMessage Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes, "UnixFS message");
        ulong? type = null;
        ulong? fileSize = null;
        Range? data = null;
        var (hashType, fanout) = (0UL, 0UL);
        var blockSizes = new List<long>();

        while (reader.TryReadKey(out var key))
        {
            switch (key)
            {
                case 0x08:
                    type = reader.ReadVarint();
                    break;
                case 0x12:
                    data = reader.ReadBytes();
                    break;
                case 0x18:
                    fileSize = reader.ReadVarint();
                    break;
                case 0x20:
                    blockSizes.Add((long)reader.ReadVarint());
                    break;
                case 0x22:
                    AddPacked(blockSizes, bytes[reader.ReadBytes()]);
                    break;
                case 0x28:
                    hashType = reader.ReadVarint();
                    break;
                case 0x30:
                    fanout = reader.ReadVarint();
                    break;
                default: // mode, mtime, and what later versions add: no part of the content
                    reader.Skip(key);
                    break;
            }
        }

        return type is null or > (ulong)Kind.Shard
            ? throw reader.Refuse(type is null ? "no type" : $"unknown type {type}")
            : new((Kind)type, data, fileSize, blockSizes, hashType, fanout);
    }

    private static void AddPacked(List<long> blockSizes, ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes, "UnixFS block sizes");

        while (reader.TryReadKey(out var size))
        {
            blockSizes.Add((long)size);
        }
    }
}
