using Platform.Chain;
using Platform.Content;

namespace Platform.Embedded;

/// <summary>A batch's Merkle tree, built anew from the links of its custody directory.</summary>
/// <remarks>
/// A record is below a mebibyte, so that it is one raw block, and the digest in its address is the SHA-256 the tree is
/// over: the whole batch is proved without fetching more than the directory.
/// </remarks>
internal sealed class CustodyTree
{
    private readonly Hash32[] leaves;

    private CustodyTree(IReadOnlyList<Cid> links, Hash32 batchId)
    {
        Links = links;
        leaves = [.. links.Select((link, index) => CustodyLeaf.Hash(batchId, (ulong)index, new Hash32(link.Digest)))];
        Root = MerkleTree.Root(leaves);
    }

    /// <summary>In the order of the tokens.</summary>
    public IReadOnlyList<Cid> Links { get; }

    public Hash32 Root { get; }

    public int Count => leaves.Length;

    /// <exception cref="UnfitContentException">The directory is not one raw file for each number from 0 on.</exception>
    public static CustodyTree Build(IReadOnlyDictionary<string, Cid> directory, Hash32 batchId)
    {
        if (directory.Count == 0)
        {
            throw new UnfitContentException("The custody directory is empty");
        }

        var links = new Cid[directory.Count];
        for (var index = 0; index < links.Length; index++)
        {
            links[index] = directory.TryGetValue($"{index}.json", out var link)
                ? link
                : throw new UnfitContentException($"Of {links.Length} custody records, {index}.json is missing");
            if (!IsOneBlock(link))
            {
                throw new UnfitContentException($"{index}.json is linked as {link}, which is no raw block by SHA-256");
            }
        }

        return new CustodyTree(links, batchId);
    }

    public Hash32 Sha256Of(int index) => new(Links[index].Digest);

    public IReadOnlyList<Hash32> Proof(int index) => MerkleTree.Proof(leaves, index);

    public bool Proves(int index, Hash32 root) => MerkleTree.Verify(root, leaves[index], Proof(index));

    public static bool IsOneBlock(Cid link) =>
        link is { Version: 1, Codec: Multicodec.Raw, HashFunction: Multihash.Sha256 };
}
