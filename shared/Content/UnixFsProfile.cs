namespace Platform.Content;

/// <summary>
/// The choices that decide which CID a file gets: same bytes, same profile, same CID (IPIP-499).
/// </summary>
/// <param name="Name">What is recorded beside the CID.</param>
/// <param name="ChunkSize">Bytes of a leaf; the last one may be shorter.</param>
/// <param name="Width">Links of a node, at most.</param>
public sealed record UnixFsProfile(string Name, int ChunkSize, int Width)
{
    /// <summary>IPIP-499's <c>unixfs-v1-2025</c>: 1 MiB leaves, 1024 links.</summary>
    public static UnixFsProfile V1_2025 { get; } = new("unixfs-v1-2025", 1 << 20, 1024);

    /// <summary>
    /// Kubo's and js-ipfs's old leaves and width, with CIDv1 and raw leaves: 256 KiB, 174 links.
    /// </summary>
    public static UnixFsProfile KuboLegacy { get; } = new("kubo-legacy", 1 << 18, 174);

    /// <summary>IPIP-499's <c>unixfs-v0-2015</c>: 256 KiB, 174 links, dag-pb leaves, CIDv0.</summary>
    public static UnixFsProfile V0_2015 { get; } =
        new("unixfs-v0-2015", 1 << 18, 174) { RawLeaves = false, CidVersion = 0 };

    /// <summary>Whether a leaf is plain bytes, or wrapped as a UnixFS file in dag-pb.</summary>
    public bool RawLeaves { get; init; } = true;

    /// <summary>0 or 1; version 0 wants wrapped leaves.</summary>
    public int CidVersion { get; init; } = 1;

    internal void Validate()
    {
        // A leaf over 1 MiB makes blocks that bitswap peers and our own CAR reader refuse.
        if (ChunkSize is < 1 or > 1 << 20 || Width is < 2 or > 8192 || CidVersion is not (0 or 1)
            || (CidVersion == 0 && RawLeaves))
        {
            throw new ArgumentException(
                $"Profile {Name} is impossible: leaves of 1 to 1048576 bytes, 2 to 8192 links, and version 0"
                + " only with wrapped leaves.");
        }
    }
}
