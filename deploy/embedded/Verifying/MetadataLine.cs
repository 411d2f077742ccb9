using Platform.Content;

namespace Platform.Embedded;

/// <summary>Whether the token's metadata is what the chain has the digest of.</summary>
internal static class MetadataLine
{
    public static Line Of(TokenOnChain token, TokenName name, Evidence<MetadataFile> metadata)
    {
        var expected = new IpfsUri(DirectoryOf(token), name.File);
        var isRevised = token.Batch.Code is { } code && code.MetadataDigest != token.Batch.MetadataDigest;
        return new Judgement("metadata")
            .Expect(
                token.Uri is null || IpfsUri.TryParse(token.Uri) == expected,
                $"tokenURI is {token.Uri}, but by the batch's digest it is {expected}")
            .On(metadata)
            .Conclude(() => $"'{metadata.Value!.Name}' at {expected}"
                + (isRevised ? ", revised by the collection's owner since the mint" : ""));
    }

    /// <summary>The address that the batch's digest gives the metadata's directory.</summary>
    public static Cid DirectoryOf(TokenOnChain token) => Cid.DagPb(token.Batch.MetadataDigest.ToArray());
}
