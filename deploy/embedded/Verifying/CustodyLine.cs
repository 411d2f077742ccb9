using System.Text;
using Platform.Chain;
using Platform.Content;

namespace Platform.Embedded;

/// <summary>Whether the custody record is whole, canonical, and of this token.</summary>
internal static class CustodyLine
{
    public static Line Of(
        TokenOnChain token, TokenName name, Evidence<MetadataFile> metadata, Evidence<CustodyDocument> custody)
    {
        var judgement = new Judgement("custody").On(custody);
        if (custody.Value is { } found && metadata.Value is { } shown)
        {
            ExpectTheLinkedBytes(judgement, name, shown, found);
            ExpectThisToken(judgement, token, name, found.Record);
            ExpectWhatTheMetadataSays(judgement, shown, found.Record);
        }

        return judgement.Conclude(() =>
            $"SHA-256 {custody.Value!.Sha256}, canonical, of asset {custody.Value.Record.Asset.Id} in campaign "
            + $"{custody.Value.Record.Campaign.Name}, version {custody.Value.Record.Campaign.Version}");
    }

    private static void ExpectTheLinkedBytes(
        Judgement judgement, TokenName name, MetadataFile metadata, CustodyDocument custody) => judgement
        .Expect(
            IpfsUri.TryParse(metadata.Custody.Uri)?.Path == name.File,
            $"the metadata links to {metadata.Custody.Uri}, not to {name.File}")
        .Same("its SHA-256", custody.Sha256, "the metadata says", metadata.Custody.Sha256)
        .Expect(
            CustodyTree.IsOneBlock(custody.Link) && Convert.ToHexStringLower(custody.Link.Digest) == custody.Sha256,
            $"its SHA-256 is {custody.Sha256}, but the directory links to {custody.Link}")
        .Expect(custody.IsCanonical, "its bytes are not the canonical form of its JSON (RFC 8785)");

    private static void ExpectThisToken(
        Judgement judgement, TokenOnChain token, TokenName name, CustodyFile record) => judgement
        .Same("its type", record.Type, "this reads", CustodyFile.CurrentType)
        .Same("its batch", record.Batch.Id, "the token's is", token.Batch.Id.ToString())
        .Same("its index", $"{record.Batch.Index}", "the token's is", $"{name.Index}")
        .Expect(
            Keccak.Hash256(Encoding.UTF8.GetBytes(record.Campaign.Name)) == token.Collection.CampaignId,
            $"it is of campaign {record.Campaign.Name}, but the collection is not");

    private static void ExpectWhatTheMetadataSays(Judgement judgement, MetadataFile metadata, CustodyFile record) => judgement
        .Same("its licence", record.Rights.Licence, "the metadata says", metadata.License)
        .Same(
            "its usage terms' SHA-256",
            record.Rights.UsageTermsSha256,
            "the metadata's have",
            metadata.UsageTerms is null ? null : ContentDigest.Of(Encoding.UTF8.GetBytes(metadata.UsageTerms)))
        .Same("its media type", record.Asset.MediaType, "the metadata says", metadata.Properties?.MediaType)
        .Same(
            "its digital source type", record.DigitalSourceType, "the metadata says", metadata.Properties?.DigitalSourceType);
}
