using System.Collections.Concurrent;
using System.Security.Cryptography;
using Platform.Chain;
using Platform.Content;

namespace Platform.Auditor;

/// <summary>Which asset a token is of, by the record that its batch's root proves.</summary>
internal sealed record TokenOfAsset(ChainToken Token, Guid AssetId, string Recipient, string Content, string Cid);

/// <summary>Reads every token's metadata, custody record and image, and proves them against the chain.</summary>
internal sealed class ContentCheck(Findings findings, GatewayBlocks gateway, Action<string> say)
{
    /// <summary>A batch's directories are in memory while they are read.</summary>
    private const int BatchesAtATime = 4;

    private const int ImagesAtATime = 8;

    private readonly ConcurrentDictionary<string, ConcurrentQueue<(string Token, string Sha256, long Size)>> images = new();
    private readonly ConcurrentQueue<TokenOfAsset> tokens = new();
    private long records;

    public long Records => records;

    public long Images => images.Count;

    public async Task<IReadOnlyList<TokenOfAsset>> ReadAsync(ChainBook book, CancellationToken cancellation)
    {
        var files = new BatchFiles(gateway);
        var done = 0;
        await Parallel.ForEachAsync(
            book.Batches,
            new ParallelOptions { MaxDegreeOfParallelism = BatchesAtATime, CancellationToken = cancellation },
            async (batch, stop) =>
            {
                if (batch.Count < 1 || batch.Count > ChainToken.TokensABatch)
                {
                    findings.Add("batch.data", batch.Name, $"its log counts {batch.Count} tokens");
                    return;
                }

                Check(book, batch, await files.ReadAsync(batch, stop));
                say($"read the records of {Interlocked.Increment(ref done)} of {book.Batches.Count} batches");
            });
        await CheckImagesAsync(cancellation);
        return [.. tokens];
    }

    private void Check(ChainBook book, ChainBatch batch, IReadOnlyList<TokenFiles> files)
    {
        var leaves = new Hash32[files.Count];
        var isWhole = true;
        for (var index = 0; index < files.Count; index++)
        {
            var name = $"{batch.Contract}/{batch.FirstTokenId + index}";
            var read = files[index];
            if (read.MetadataFault is { } metadataFault)
            {
                findings.Add("metadata.unreadable", name, metadataFault);
            }
            else if (read.CustodyFault is { } custodyFault)
            {
                findings.Add("custody.unreadable", name, custodyFault);
            }

            // The metadata's own word stands in for a record that is gone: the root then still judges the others.
            var digest = read.CustodySha256 ?? Digest(read.Metadata?.Custody.Sha256);
            isWhole &= digest is not null;
            leaves[index] = digest is null ? Hash32.Zero : CustodyLeaf.Hash(batch.Id, (ulong)index, new Hash32(digest));
            if (read is { Metadata: { } metadata, Custody: { } custody, CustodySha256: { } sha256 })
            {
                Interlocked.Increment(ref records);
                CheckToken(batch, index, name, metadata, custody, sha256);
                if (book.Tokens.TryGetValue((batch.Contract, batch.FirstTokenId + index), out var token))
                {
                    tokens.Enqueue(new(token, custody.Asset.Id, custody.Recipient, custody.Asset.Sha256, custody.Asset.Cid));
                }
            }
        }

        findings.Expect(
            !isWhole || MerkleTree.Root(leaves) == batch.CustodyRoot,
            "custody.root",
            batch.Name,
            () => $"its {leaves.Length} custody records have root {MerkleTree.Root(leaves)}, and the chain keeps {batch.CustodyRoot}");
    }

    private void CheckToken(
        ChainBatch batch, int index, string name, MetadataFile metadata, CustodyFile custody, byte[] sha256)
    {
        findings.Expect(
            metadata.Custody.Sha256 == Convert.ToHexStringLower(sha256),
            "metadata.custody",
            name,
            () => $"its metadata names a custody record of SHA-256 {metadata.Custody.Sha256}, "
                + $"and the record has {Convert.ToHexStringLower(sha256)}");
        findings.Expect(
            metadata.Name.EndsWith($"#{custody.Asset.Id.ToString("N")[..10]}", StringComparison.Ordinal)
                && metadata.Image == $"ipfs://{custody.Asset.Cid}",
            "metadata.asset",
            name,
            () => $"its metadata is of '{metadata.Name}' with {metadata.Image}, "
                + $"and its custody record of asset {custody.Asset.Id} with {custody.Asset.Cid}");
        findings.Expect(
            custody.Batch.Id == batch.Id.ToString() && custody.Batch.Index == index,
            "custody.batch",
            name,
            () => $"its custody record is number {custody.Batch.Index} of batch {custody.Batch.Id}, and the chain's batch is {batch.Id}");
        images.GetOrAdd(custody.Asset.Cid, _ => new()).Enqueue((name, custody.Asset.Sha256, custody.Asset.Size));
    }

    private async Task CheckImagesAsync(CancellationToken cancellation)
    {
        var reader = new UnixFsReader(gateway);
        var done = 0;
        await Parallel.ForEachAsync(
            images,
            new ParallelOptions { MaxDegreeOfParallelism = ImagesAtATime, CancellationToken = cancellation },
            async (image, stop) =>
            {
                var (sha256, size, fault) = await HashAsync(reader, image.Key, stop);
                foreach (var shown in image.Value)
                {
                    findings.Expect(fault is null, "image.bytes", shown.Token, () => $"its image cannot be read: {fault}");
                    findings.Expect(
                        fault is not null || (sha256 == shown.Sha256 && size == shown.Size),
                        "image.bytes",
                        shown.Token,
                        () => $"its image has {size} bytes of SHA-256 {sha256}; its custody record says {shown.Size} of {shown.Sha256}");
                }

                say($"read {Interlocked.Increment(ref done)} of {images.Count} images");
            });
    }

    private static async Task<(string Sha256, long Size, string? Fault)> HashAsync(
        UnixFsReader reader, string text, CancellationToken cancellation)
    {
        if (!Cid.TryParse(text, out var cid))
        {
            return ("", 0, $"'{text}' is no CID");
        }

        try
        {
            await using var bytes = await reader.OpenAsync(cid, cancellation: cancellation);
            return (Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, cancellation)), bytes.Length, null);
        }
        catch (Exception unfit) when (BatchFiles.IsOfContent(unfit))
        {
            return ("", 0, unfit.Message.TrimEnd('.'));
        }
    }

    private static byte[]? Digest(string? hex) =>
        hex is { Length: 64 } && hex.All(char.IsAsciiHexDigitLower) ? Convert.FromHexString(hex) : null;
}
