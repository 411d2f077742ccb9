using System.Buffers.Binary;

namespace Platform.Chain;

/// <summary>A custody record's leaf in its mint batch's Merkle tree.</summary>
public static class CustodyLeaf
{
    /// <summary>keccak256(keccak256(abi.encode(bytes32 batchId, uint256 index, bytes32 sha256))).</summary>
    /// <param name="batchId">Separates batches: a proof for one says nothing in another.</param>
    /// <param name="index">The token's place in the batch, from 0.</param>
    /// <param name="sha256">The custody record's SHA-256.</param>
    public static Hash32 Hash(Hash32 batchId, ulong index, Hash32 sha256)
    {
        Span<byte> encoded = stackalloc byte[3 * 32];
        encoded.Clear();
        batchId.CopyTo(encoded);
        BinaryPrimitives.WriteUInt64BigEndian(encoded[56..], index);
        sha256.CopyTo(encoded[64..]);
        Span<byte> once = stackalloc byte[Hash32.Length];
        Keccak.Hash256(encoded, once);

        return Keccak.Hash256(once);
    }
}
