using Platform.Content;

namespace Platform.Embedded;

/// <summary>Whether the picture is the one that was made.</summary>
internal static class ImageLine
{
    public static Line Of(
        Evidence<HashedImage> image, Evidence<MetadataFile> metadata, Evidence<CustodyDocument> custody)
    {
        var judgement = new Judgement("image").On(image);
        if (image.Value is { } hashed)
        {
            var asset = custody.Value?.Record.Asset;
            var shown = metadata.Value?.Properties;
            judgement
                .Expect(
                    shown is null || shown.Sha256 == hashed.Sha256,
                    $"its SHA-256 is {hashed.Sha256}, but the metadata says {shown?.Sha256}")
                .Expect(
                    asset is null || asset.Sha256 == hashed.Sha256,
                    $"its SHA-256 is {hashed.Sha256}, but the custody record says {asset?.Sha256}")
                .Expect(
                    asset is null || (Cid.TryParse(asset.Cid, out var cid) && cid.ToV1() == hashed.Cid),
                    $"its CID is {hashed.Cid}, but the custody record says {asset?.Cid}")
                .Expect(
                    asset is null || asset.Size == hashed.Size,
                    $"it has {hashed.Size} bytes, but the custody record says {asset?.Size}")
                .Need(
                    asset is not null,
                    "its bytes have the address that the metadata gives, but there is no custody record to compare them with");
        }

        return judgement.Conclude(() => $"{image.Value!.Size} bytes, SHA-256 {image.Value.Sha256}, {image.Value.Cid}");
    }
}
