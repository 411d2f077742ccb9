using System.Security.Cryptography;
using Platform.Chain;
using Platform.Content;
using Platform.Grpc.Campaigns;

namespace Platform.Storage;

/// <summary>All that the files of a mint batch are written from.</summary>
/// <param name="BatchId"><c>bytes32</c>, 0x and 64 lower-case hex digits.</param>
/// <param name="Members">In the order of their index.</param>
/// <param name="Versions">The campaign versions met among the members.</param>
internal sealed record BatchFacts(
    string BatchId, IReadOnlyList<PinnedAsset> Members, IReadOnlyDictionary<int, CampaignDefinition> Versions);

/// <summary>A mint batch's two directories, and the Merkle root that the chain keeps of its custody.</summary>
/// <remarks>A pure function of kept facts: no clock, no salt. Custody comes first: the metadata links to it.</remarks>
internal sealed record BatchDirectories(DirectoryDag Custody, DirectoryDag Metadata, Hash32 CustodyRoot)
{
    /// <exception cref="UnfitMembersException">Names the members whose kept facts cannot be written.</exception>
    public static BatchDirectories Of(BatchFacts facts)
    {
        var batchId = Hash32.Parse(facts.BatchId);
        var records = facts.Members.Select((pin, index) => Write(pin, () => CustodyRecord
            .Of(pin, facts.Versions[pin.CampaignVersion], facts.BatchId, index).ToBytes())).ToList();
        var digests = records.ConvertAll(record => SHA256.HashData(record));
        var custody = DirectoryDag.Of(records.Select((record, index) => (FileOf(index), record)));

        var tokens = facts.Members.Select((pin, index) => Write(pin, () => TokenMetadata
            .Of(pin, facts.Versions[pin.CampaignVersion], new TokenMetadata.CustodyPart(
                new Uri($"ipfs://{custody.Root.Cid}/{FileOf(index)}"),
                Convert.ToHexStringLower(digests[index]),
                "application/json"))
            .ToBytes())).ToList();
        var newest = facts.Versions[facts.Versions.Keys.Max()];
        var metadata = DirectoryDag.Of(
        [
            .. tokens.Select((token, index) => (FileOf(index), token)),
            ("contract.json", ContractMetadata.Of(newest).ToBytes()),
        ]);

        return new BatchDirectories(custody, metadata, MerkleTree.Root(
            [.. digests.Select((digest, index) => CustodyLeaf.Hash(batchId, (ulong)index, new Hash32(digest)))]));
    }

    private static string FileOf(int index) => $"{index}.json";

    private static byte[] Write(PinnedAsset pin, Func<byte[]> write)
    {
        try
        {
            return write();
        }
        catch (CanonicalJsonException exception)
        {
            throw new UnfitMembersException(
                [pin.Id], $"The facts of {pin.Id} have no canonical form: {exception.Message}");
        }
    }
}

/// <summary>A directory and its files as blocks.</summary>
internal sealed record DirectoryDag(DagRoot Root, IReadOnlyList<Block> Blocks)
{
    // Where IPIP-499's unixfs-v1-2025, and Kubo, begin to shard.
    private const int LargestNode = 256 << 10;

    public static DirectoryDag Of(IEnumerable<(string Name, byte[] Bytes)> files)
    {
        var blocks = new List<Block>();
        var links = new List<UnixFsLink>();
        foreach (var (name, bytes) in files)
        {
            var file = UnixFsFile.Import(bytes, PinnedAsset.CurrentProfile, blocks.Add);
            links.Add(new UnixFsLink(name, file.Cid, file.DagSize));
        }

        return new DirectoryDag(Seal(links, blocks), blocks);
    }

    public async Task<DagRoot> ImportAsync(
        Func<Block, CancellationToken, ValueTask> sink, CancellationToken cancellation)
    {
        foreach (var block in Blocks)
        {
            await sink(block, cancellation);
        }

        return Root;
    }

    private static DagRoot Seal(List<UnixFsLink> links, List<Block> blocks)
    {
        try
        {
            var (root, node) = UnixFsDirectory.Create(links, LargestNode);
            blocks.Add(node);
            return root;
        }
        catch (DirectoryTooLargeException)
        {
            return UnixFsDirectory.CreateSharded(links, blocks.Add);
        }
    }
}

/// <summary>A batch cannot be described because of these members; trying again would not help.</summary>
internal sealed class UnfitMembersException(IReadOnlyList<Guid> members, string reason) : Exception(reason)
{
    public IReadOnlyList<Guid> Members { get; } = members;
}
