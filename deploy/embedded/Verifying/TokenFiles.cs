using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Platform.Content;

namespace Platform.Embedded;

/// <summary>A custody record as it lies in the directory.</summary>
/// <param name="Link">The directory's link to it.</param>
/// <param name="Sha256">Of its bytes, lower-case hex.</param>
/// <param name="IsCanonical">Whether the bytes are the one form that RFC 8785 gives the JSON.</param>
internal sealed record CustodyDocument(Cid Link, CustodyFile Record, string Sha256, bool IsCanonical);

/// <summary>What an image came to.</summary>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Size">Bytes.</param>
internal sealed record HashedImage(Cid Cid, string Sha256, long Size);

/// <summary>Reads a token's files, block by verified block.</summary>
internal sealed class TokenFiles(UnixFsReader reader)
{
    private const int LargestFile = 1 << 20;
    private const long LargestImage = 256L << 20;
    private const int MostEntries = 10_000; // as many tokens as a batch has numbers

    public async Task<MetadataFile> ReadMetadataAsync(Cid directory, string file, CancellationToken cancellation)
    {
        var entry = await reader.ResolveAsync(directory, file, cancellation);
        return Parse("The metadata", await ReadAsync(entry.Cid, cancellation), RecordFilesJson.Default.MetadataFile);
    }

    public async Task<IReadOnlyDictionary<string, Cid>> ListAsync(Cid directory, CancellationToken cancellation)
    {
        var entries = new Dictionary<string, Cid>(StringComparer.Ordinal);
        await foreach (var link in reader.ListAsync(directory, cancellation))
        {
            if (entries.Count == MostEntries || !entries.TryAdd(link.Name, link.Cid))
            {
                throw new UnfitContentException(
                    $"The directory {directory} has more than {MostEntries} entries, or one of them twice");
            }
        }

        return entries;
    }

    public async Task<CustodyDocument> ReadCustodyAsync(Cid link, CancellationToken cancellation)
    {
        var bytes = await ReadAsync(link, cancellation);
        var record = Parse("The custody record", bytes, RecordFilesJson.Default.CustodyFile);
        return new CustodyDocument(link, record, ContentDigest.Of(bytes), IsCanonical(bytes));
    }

    public async Task<HashedImage> HashImageAsync(IpfsUri image, CancellationToken cancellation)
    {
        var entry = await reader.ResolveAsync(image.Root, image.Path, cancellation);
        await using var bytes = await reader.OpenAsync(entry.Cid, cancellation: cancellation);
        return bytes.Length <= LargestImage
            ? new HashedImage(
                entry.Cid, Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, cancellation)), bytes.Length)
            : throw new UnfitContentException($"The image has {bytes.Length} bytes, more than {LargestImage}");
    }

    private async Task<byte[]> ReadAsync(Cid file, CancellationToken cancellation)
    {
        await using var stream = await reader.OpenAsync(file, cancellation: cancellation);
        if (stream.Length > LargestFile)
        {
            throw new UnfitContentException($"{file} has {stream.Length} bytes, more than {LargestFile}");
        }

        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }

    private static T Parse<T>(string what, byte[] bytes, JsonTypeInfo<T> type)
        where T : class
    {
        if (!Utf8.IsValid(bytes))
        {
            throw new UnfitContentException($"{what} is not UTF-8");
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new UnfitContentException($"{what} is null");
        }
        catch (JsonException exception)
        {
            throw new UnfitContentException($"{what} is not of its form: {exception.Message.TrimEnd('.')}");
        }
    }

    private static bool IsCanonical(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return CanonicalJson.Serialize(document.RootElement).AsSpan().SequenceEqual(bytes);
        }
        catch (CanonicalJsonException)
        {
            return false;
        }
    }
}
