using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Platform.Chain;
using Platform.Content;

namespace Platform.Verify.Tests;

/// <summary>A batch before it is minted, in the form that services/storage documents; each part can be forged.</summary>
internal sealed record Draft
{
    public string Campaign { get; init; } = $"tram-{Guid.CreateVersion7():N}";

    public int Count { get; init; } = 5;

    /// <summary>Forges a custody record before the root is taken.</summary>
    public Action<int, JsonObject> Record { get; init; } = (_, _) => { };

    /// <summary>Forges a custody record once the root is taken: what is pinned is not what the root is over.</summary>
    public Action<int, JsonObject> LateRecord { get; init; } = (_, _) => { };

    public Func<JsonObject, byte[]> WriteRecord { get; init; } = CanonicalJson.Serialize;

    public Action<int, JsonObject> Metadata { get; init; } = (_, _) => { };

    public Func<Hash32, Hash32> BatchId { get; init; } = id => id;

    public Func<Hash32, Hash32> Root { get; init; } = root => root;

    public bool IsSharded { get; init; }

    public IReadOnlyList<Address> Recipients =>
        [.. Enumerable.Range(0, Count).Select(index => new Address(SHA256.HashData(Text($"{Campaign} to {index}")).AsSpan(0, 20))).Order()];

    public Guid AssetOf(int index) => new(SHA256.HashData(Text($"{Campaign} of {index}")).AsSpan(0, 16), bigEndian: true);

    /// <summary>A PNG by its signature; the last of a batch takes more than one block.</summary>
    public byte[] ImageOf(int index)
    {
        var image = new byte[index == Count - 1 ? 1_500_000 : 2_000 + index];
        for (var at = 0; at < image.Length; at++)
        {
            image[at] = (byte)(((uint)(at + (index << 8)) * 2654435761u) >> 24);
        }

        ((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]).CopyTo(image);
        return image;
    }

    public WrittenBatch Write()
    {
        List<Block> blocks = [];
        var batchId = BatchId(Keccak.Hash256([.. Enumerable.Range(0, Count).SelectMany(index => AssetOf(index).ToByteArray(bigEndian: true))]));
        Cid[] images = [.. Enumerable.Range(0, Count).Select(index => Import(ImageOf(index), blocks).Cid)];
        JsonObject[] records = [.. Enumerable.Range(0, Count).Select(index => RecordOf(index, images[index], batchId))];
        var root = Root(MerkleTree.Root([.. records.Select((record, index) =>
            CustodyLeaf.Hash(batchId, (ulong)index, new Hash32(SHA256.HashData(WriteRecord(record)))))]));
        foreach (var (index, record) in records.Index())
        {
            LateRecord(index, record);
        }

        byte[][] custody = [.. records.Select(WriteRecord)];
        var custodyLinks = Link(custody, blocks);
        var custodyRoot = Seal(custodyLinks, blocks);
        byte[][] metadata = [.. custody.Select((record, index) => CanonicalJson.Serialize(MetadataOf(index, images[index], custodyRoot, record)))];
        var metadataLinks = Link(metadata, blocks);
        var contract = Import(Text("""{"name":"Tram Souvenirs"}"""), blocks);
        var metadataRoot = Seal([.. metadataLinks, new UnixFsLink("contract.json", contract.Cid, contract.DagSize)], blocks);
        return new WrittenBatch(
            batchId, root, metadataRoot, custodyRoot, images,
            [.. metadataLinks.Select(link => link.Cid)], [.. custodyLinks.Select(link => link.Cid)], blocks);
    }

    private JsonObject RecordOf(int index, Cid image, Hash32 batchId)
    {
        var bytes = ImageOf(index);
        var record = new JsonObject
        {
            ["type"] = "urn:imprimatur:custody:1",
            ["asset"] = new JsonObject
            {
                ["id"] = AssetOf(index).ToString(),
                ["iteration"] = 0,
                ["sha256"] = ContentDigest.Of(bytes),
                ["cid"] = image.ToString(),
                ["cidProfile"] = "unixfs-v1-2025",
                ["mediaType"] = "image/png",
                ["size"] = bytes.Length,
            },
            ["event"] = new JsonObject { ["algorithm"] = "hmac-sha256", ["digest"] = ContentDigest.Of(Text("event")) },
            ["prompt"] = new JsonObject { ["algorithm"] = "sha256-salted", ["digest"] = ContentDigest.Of(Text("prompt")) },
            ["generator"] = new JsonObject
            {
                ["name"] = "house",
                ["version"] = "1.0.0",
                ["digest"] = ContentDigest.Of(Text("rules")),
                ["parameters"] = new JsonObject { ["family"] = "bauhaus" },
                ["seed"] = ContentDigest.Of(Text($"seed {index}")),
            },
            ["digitalSourceType"] = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia",
            ["decisions"] = new JsonArray(new JsonObject
            {
                ["policy"] = "brand-safe@1",
                ["verdict"] = "approved",
                ["reasons"] = new JsonArray(),
                ["decidedAt"] = "2026-11-23T12:00:00.250Z",
            }),
            ["campaign"] = new JsonObject { ["name"] = Campaign, ["version"] = 1 },
            ["rights"] = new JsonObject { ["licence"] = "CC-BY-NC-4.0", ["usageTermsSha256"] = ContentDigest.Of(Text("Share it.")) },
            ["batch"] = new JsonObject { ["id"] = batchId.ToString(), ["index"] = index },
            ["recipient"] = Recipients[index].ToString(),
        };
        Record(index, record);
        return record;
    }

    private JsonObject MetadataOf(int index, Cid image, Cid custody, byte[] record)
    {
        var metadata = new JsonObject
        {
            ["name"] = $"Tram Souvenirs #{index}",
            ["description"] = "A picture for each ride.",
            ["image"] = $"ipfs://{image}",
            ["custody"] = new JsonObject
            {
                ["uri"] = $"ipfs://{custody}/{index}.json",
                ["sha256"] = ContentDigest.Of(record),
                ["mediaType"] = "application/json",
            },
            ["license"] = "CC-BY-NC-4.0",
            ["usage_terms"] = "Share it.",
            ["properties"] = new JsonObject
            {
                ["sha256"] = ContentDigest.Of(ImageOf(index)),
                ["media_type"] = "image/png",
                ["digital_source_type"] = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia",
            },
        };
        Metadata(index, metadata);
        return metadata;
    }

    private static List<UnixFsLink> Link(byte[][] files, List<Block> blocks) => [.. files.Select((file, index) =>
    {
        var root = Import(file, blocks);
        return new UnixFsLink($"{index}.json", root.Cid, root.DagSize);
    })];

    private static DagRoot Import(byte[] file, List<Block> blocks) =>
        UnixFsFile.Import(file, UnixFsProfile.V1_2025, block => blocks.Add(new Block(block.Cid, block.Data.ToArray())));

    private Cid Seal(List<UnixFsLink> links, List<Block> blocks)
    {
        if (IsSharded)
        {
            return UnixFsDirectory.CreateSharded(links, blocks.Add).Cid;
        }

        var (root, node) = UnixFsDirectory.Create(links);
        blocks.Add(node);
        return root.Cid;
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}

/// <summary>A batch's blocks and what of it goes on chain.</summary>
internal sealed record WrittenBatch(
    Hash32 BatchId,
    Hash32 CustodyRoot,
    Cid Metadata,
    Cid Custody,
    IReadOnlyList<Cid> Images,
    IReadOnlyList<Cid> MetadataFiles,
    IReadOnlyList<Cid> CustodyFiles,
    IReadOnlyList<Block> Blocks);

internal static class Forge
{
    /// <summary>Forges the file of one token, and leaves the others as they are.</summary>
    public static Action<int, JsonObject> Only(int index, Action<JsonObject> forge) => (at, json) =>
    {
        if (at == index)
        {
            forge(json);
        }
    };
}
