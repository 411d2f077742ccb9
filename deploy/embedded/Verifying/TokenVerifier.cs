using Platform.Chain;
using Platform.Chain.Contracts;
using Platform.Content;

namespace Platform.Embedded;

/// <summary>Checks a token from a chain and from blocks, and trusts nobody about the rest.</summary>
/// <remarks>
/// Each block is hashed before it is believed, so that the source may be anybody's. What cannot be had spoils its own
/// line; a line that depends on it is not checked, and says so. Keeps nothing: a repeat asks everything again.
/// </remarks>
internal sealed class TokenVerifier(IEthereum chain, IBlockSource blocks)
{
    private const int AtOnce = 8;
    private const string NoMetadata = "the metadata could not be read";
    private const string NoDirectory = "the custody directory could not be read";

    private readonly TokenFiles files = new(new UnixFsReader(blocks));

    /// <summary>Whose collections are believed to run the code we know.</summary>
    public Address Factory { get; init; } = CanonicalFactory.Address;

    /// <summary>Fetch all custody records of the batch, to recompute its id.</summary>
    public bool IsDeep { get; init; }

    /// <exception cref="UserErrorException">There is no such contract, collection or token.</exception>
    public async Task<Verification> VerifyAsync(TokenName name, CancellationToken cancellation)
    {
        var token = await ChainReading.ReadAsync(chain, name, cancellation);
        var metadata = await Evidence<MetadataFile>.SeekAsync(
            () => files.ReadMetadataAsync(MetadataLine.DirectoryOf(token), name.File, cancellation));
        var image = await metadata.ThenAsync(
            NoMetadata, found => files.HashImageAsync(IpfsUri.Parse("image", found.Image), cancellation));
        var directory = await metadata.ThenAsync(
            NoMetadata, found => files.ListAsync(IpfsUri.Parse("custody.uri", found.Custody.Uri).Root, cancellation));
        var custody = await ReadCustodyAsync(directory, name, cancellation);
        var tree = await directory.ThenAsync(
            NoDirectory, links => Task.FromResult(CustodyTree.Build(links, token.Batch.Id)));

        return new Verification(
            name,
            token.ChainId,
            token.Block,
            [
                CollectionLine.Of(token.Collection, Factory),
                TokenLine.Of(token),
                RecipientLine.Of(token, name, custody),
                MetadataLine.Of(token, name, metadata),
                ImageLine.Of(image, metadata, custody),
                CustodyLine.Of(token, name, metadata, custody),
                MerkleLine.Of(token, name, tree, await ProvesAsync(token, name, tree.Value, cancellation)),
                BatchLine.Of(token.Batch, IsDeep ? await ReadAssetsAsync(tree, cancellation) : null),
                ProvenanceLine.Of(custody),
            ],
            Facts.OfIdentity(token),
            Facts.OfProvenance(token, custody.Value?.Record));
    }

    /// <remarks>A directory that cannot be read is the custody line's own fault, and not that of another line.</remarks>
    private async Task<Evidence<CustodyDocument>> ReadCustodyAsync(
        Evidence<IReadOnlyDictionary<string, Cid>> directory, TokenName name, CancellationToken cancellation) =>
        directory.Value is null
            ? directory.As<CustodyDocument>()
            : await directory.ThenAsync(NoDirectory, links => links.TryGetValue(name.File, out var link)
                ? files.ReadCustodyAsync(link, cancellation)
                : throw new UnfitContentException($"The custody directory has no {name.File}"));

    private async Task<bool?> ProvesAsync(
        TokenOnChain token, TokenName name, CustodyTree? tree, CancellationToken cancellation) =>
        tree is null || name.Index >= tree.Count
            ? null
            : await ChainReading.ProvesAsync(
                chain, name, token.Block, tree.Sha256Of(name.Index), tree.Proof(name.Index), cancellation);

    private Task<Evidence<IReadOnlyList<Guid>>> ReadAssetsAsync(Evidence<CustodyTree> tree, CancellationToken cancellation) =>
        tree.ThenAsync<IReadOnlyList<Guid>>("the custody records are not all known", async built =>
        {
            var assets = new Guid[built.Count];
            await Parallel.ForEachAsync(
                Enumerable.Range(0, assets.Length),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
                async (index, each) =>
                    assets[index] = (await files.ReadCustodyAsync(built.Links[index], each)).Record.Asset.Id);
            return assets;
        });
}
