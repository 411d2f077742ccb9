namespace Platform.Content;

/// <summary>The multicodec codes a block may have here (multiformats table).</summary>
public static class Multicodec
{
    /// <summary>Plain bytes: the block is the content.</summary>
    public const ulong Raw = 0x55;

    /// <summary>MerkleDAG protobuf: UnixFS files of several blocks, and directories.</summary>
    public const ulong DagPb = 0x70;
}
