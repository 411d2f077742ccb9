using CsCheck;

namespace Platform.Chain.Tests;

public class MerkleTreeTests
{
    [Fact]
    public void Agrees_with_OpenZeppelins_library_on_leaves_roots_and_proofs()
    {
        foreach (var tree in Vectors.Read("merkle-tree.json").GetProperty("trees").EnumerateArray())
        {
            var batchId = Hash32.Parse(tree.Text("batchId"));
            var records = tree.GetProperty("records").EnumerateArray().Select(record => Hash32.Parse(record.GetString()!));
            Hash32[] leaves = [.. records.Select((record, i) => CustodyLeaf.Hash(batchId, (ulong)i, record))];

            Assert.Equal(tree.GetProperty("leaves").EnumerateArray().Select(leaf => leaf.GetString()), leaves.Select(leaf => leaf.ToString()));
            Assert.Equal(tree.Text("root"), MerkleTree.Root(leaves).ToString());

            foreach (var vector in tree.GetProperty("proofs").EnumerateArray())
            {
                var proof = MerkleTree.Proof(leaves, vector.GetProperty("index").GetInt32());

                Assert.Equal(vector.GetProperty("proof").EnumerateArray().Select(node => node.GetString()), proof.Select(node => node.ToString()));
            }
        }
    }

    [Fact]
    public void Proves_every_leaf_and_nothing_else() => Gen.Byte.Array[32].Array[1, 40].Sample(bytes =>
    {
        Hash32[] leaves = [.. bytes.Select(leaf => new Hash32(leaf))];
        var root = MerkleTree.Root(leaves);
        var proofs = MerkleTree.Proofs(leaves);

        return leaves.Index().All(leaf => MerkleTree.Verify(root, leaf.Item, proofs[leaf.Index]))
            && !MerkleTree.Verify(root, Keccak.Hash256(leaves[0].ToArray()), proofs[0])
            && proofs[^1].SequenceEqual(MerkleTree.Proof(leaves, leaves.Length - 1));
    }, iter: 50);

    [Fact]
    public void Needs_a_leaf() => Assert.Throws<ArgumentException>(() => MerkleTree.Root([]));
}
