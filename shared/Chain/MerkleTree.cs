namespace Platform.Chain;

/// <summary>
/// OpenZeppelin's standard Merkle tree ("standard-v1"), which its MerkleProof contract verifies.
/// </summary>
/// <remarks>
/// Leaves are hashes already (twice hashed, so no inner node can pass for one). They are sorted and stand at
/// the end
/// of a heap in an array, the greatest nearest the front; a pair is hashed in byte order, so a proof needs no
/// sides.
/// </remarks>
public static class MerkleTree
{
    /// <summary>The root over leaves in any order.</summary>
    /// <exception cref="ArgumentException">There is no leaf.</exception>
    public static Hash32 Root(IReadOnlyList<Hash32> leaves) => Build(leaves).Nodes[0];

    /// <summary>The siblings from one leaf up to below the root; none for the only leaf.</summary>
    /// <exception cref="ArgumentException">There is no leaf, or not so many.</exception>
    public static IReadOnlyList<Hash32> Proof(IReadOnlyList<Hash32> leaves, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentNullException.ThrowIfNull(leaves);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, leaves.Count);
        var (nodes, places) = Build(leaves);

        return ProofAt(nodes, places[index]);
    }

    /// <summary>Every leaf's proof, in the leaves' order, from one tree.</summary>
    /// <exception cref="ArgumentException">There is no leaf.</exception>
    public static IReadOnlyList<IReadOnlyList<Hash32>> Proofs(IReadOnlyList<Hash32> leaves)
    {
        var (nodes, places) = Build(leaves);

        return [.. places.Select(place => ProofAt(nodes, place))];
    }

    /// <summary>Whether the proof leads from the leaf to the root.</summary>
    public static bool Verify(Hash32 root, Hash32 leaf, IReadOnlyList<Hash32> proof)
    {
        ArgumentNullException.ThrowIfNull(proof);

        return proof.Aggregate(leaf, HashPair) == root;
    }

    private static (Hash32[] Nodes, int[] Places) Build(IReadOnlyList<Hash32> leaves)
    {
        ArgumentNullException.ThrowIfNull(leaves);

        if (leaves.Count == 0)
        {
            throw new ArgumentException("A tree needs a leaf.", nameof(leaves));
        }

        var nodes = new Hash32[(2 * leaves.Count) - 1];
        var places = new int[leaves.Count];
        var last = nodes.Length - 1;

        foreach (var (rank, index) in Enumerable.Range(0, leaves.Count).OrderBy(index => leaves[index]).Index())
        {
            nodes[last - rank] = leaves[index];
            places[index] = last - rank;
        }

        for (var node = leaves.Count - 2; node >= 0; node--)
        {
            nodes[node] = HashPair(nodes[(2 * node) + 1], nodes[(2 * node) + 2]);
        }

        return (nodes, places);
    }

    private static List<Hash32> ProofAt(Hash32[] nodes, int place)
    {
        List<Hash32> proof = [];

        for (; place > 0; place = (place - 1) / 2)
        {
            proof.Add(nodes[place % 2 == 1 ? place + 1 : place - 1]);
        }

        return proof;
    }

    private static Hash32 HashPair(Hash32 left, Hash32 right)
    {
        Span<byte> pair = stackalloc byte[2 * Hash32.Length];
        (left < right ? left : right).CopyTo(pair);
        (left < right ? right : left).CopyTo(pair[Hash32.Length..]);

        return Keccak.Hash256(pair);
    }
}
