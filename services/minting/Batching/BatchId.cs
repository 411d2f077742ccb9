using Platform.Chain;

namespace Platform.Minting;

/// <summary>Names a batch: Keccak-256 over its ordered asset ids, used once on chain.</summary>
internal static class BatchId
{
    public static Hash32 Of(IReadOnlyList<Guid> assetIds)
    {
        var bytes = new byte[16 * assetIds.Count];
        for (var index = 0; index < assetIds.Count; index++)
        {
            assetIds[index].TryWriteBytes(bytes.AsSpan(16 * index, 16), bigEndian: true, out _);
        }

        return Keccak.Hash256(bytes);
    }
}
