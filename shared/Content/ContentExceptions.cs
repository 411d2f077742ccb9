namespace Platform.Content;

/// <summary>No content, block or path entry of this name is here.</summary>
public sealed class ContentNotFoundException(string key, string message) : Exception(message)
{
    /// <summary>The digest, CID or path that was asked for.</summary>
    public string Key { get; } = key;

    internal static ContentNotFoundException OfDigest(string digest)
    {
        return new(digest, $"Content {digest} is not in the store.");
    }

    internal static ContentNotFoundException OfBlock(Cid cid)
    {
        return new(cid.ToString(), $"Block {cid} was not found.");
    }

    internal static ContentNotFoundException OfEntry(Cid directory, string name, string path)
    {
        return new(path, $"Nothing is named '{name}' in {directory} (path '{path}').");
    }
}

/// <summary>The bytes kept under a digest are not the bytes that have it.</summary>
public sealed class CorruptContentException(string digest)
    : Exception($"The bytes kept as {digest} have another digest.")
{
    /// <summary>The SHA-256 digest asked for, lower-case hex.</summary>
    public string Digest { get; } = digest;
}

/// <summary>A block is not what its address, or the node above it, says it is.</summary>
public sealed class CorruptBlockException(Cid cid, string reason) : Exception($"Block {cid} {reason}.")
{
    /// <summary>The address under which the block was found.</summary>
    public Cid Cid { get; } = cid;
}

/// <summary>A block with the right hash is not the dag-pb or UnixFS node it should be.</summary>
public sealed class UnixFsFormatException(string message) : FormatException(message);

/// <summary>A directory has more entries than fit one block; it wants sharding.</summary>
public sealed class DirectoryTooLargeException(long size, int limit)
    : Exception($"The directory's node has {size} bytes, more than {limit}.")
{
    /// <summary>Bytes the node would have.</summary>
    public long Size { get; } = size;

    /// <summary>Bytes it may have.</summary>
    public int Limit { get; } = limit;
}

/// <summary>
/// The bytes are not a CARv1 file, or break its limits, or a block in it is not what its CID says.
/// </summary>
public sealed class CarFormatException(long offset, string reason)
    : FormatException($"Invalid CAR at byte {offset}: {reason}.")
{
    /// <summary>Byte of the file at which the fault begins.</summary>
    public long Offset { get; } = offset;
}
