using Platform.Chain;

namespace Platform.Embedded;

/// <summary>Whether the batch is told alike by the collection and by its data contract, and is named after its assets.</summary>
internal static class BatchLine
{
    /// <param name="batch">What the chain says.</param>
    /// <param name="assets">The batch's asset ids in order; null when nobody asked for them.</param>
    public static Line Of(BatchOnChain batch, Evidence<IReadOnlyList<Guid>>? assets)
    {
        var judgement = new Judgement("batch")
            .Expect(
                batch.NumberOfId == batch.Number,
                $"batch {batch.Number} has id {batch.Id}, under which the collection has {batch.NumberOfId?.ToString() ?? "none"}")
            .Expect(batch.Code is not null, $"there is no batch at its data contract's address {batch.DataContract}");
        if (batch.Code is { } code)
        {
            judgement
                .Expect(code.BatchId == batch.Id, $"its id is {batch.Id}, but its data contract has {code.BatchId}")
                .Expect(
                    code.CustodyRoot == batch.CustodyRoot,
                    $"its custody root is {batch.CustodyRoot}, but its data contract has {code.CustodyRoot}")
                .Expect(
                    code.Recipients.Count == batch.Count,
                    $"it counts {batch.Count} tokens, but its data contract has {code.Recipients.Count} recipients");
        }

        if (assets is not null)
        {
            judgement.On(assets).Expect(
                assets.Value is null || IdOf(assets.Value) == batch.Id,
                $"its id is {batch.Id}, but its asset ids give {(assets.Value is null ? "" : IdOf(assets.Value))}");
        }

        return judgement.Conclude(() =>
            $"number {batch.Number}, id {batch.Id}, {batch.Count} tokens to {batch.Code!.Recipients.Count} recipients; "
            + (assets is null ? "the id was not recomputed (--deep does)" : "the id is that of its assets"));
    }

    /// <summary>Keccak-256 over the ordered asset ids, 16 bytes each.</summary>
    private static Hash32 IdOf(IReadOnlyList<Guid> assets)
    {
        var bytes = new byte[16 * assets.Count];
        for (var index = 0; index < assets.Count; index++)
        {
            assets[index].TryWriteBytes(bytes.AsSpan(16 * index, 16), bigEndian: true, out _);
        }

        return Keccak.Hash256(bytes);
    }
}
