using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Platform.Content;

namespace Platform.Auditor;

/// <summary>What a token's metadata and custody record say, or why they cannot be read.</summary>
internal sealed record TokenFiles
{
    public MetadataFile? Metadata { get; init; }

    public string? MetadataFault { get; init; }

    public CustodyFile? Custody { get; init; }

    public string? CustodyFault { get; init; }

    /// <summary>Of the custody record's bytes as fetched; null where they could not be.</summary>
    public byte[]? CustodySha256 { get; init; }

    /// <summary>Where the metadata says that the record lies.</summary>
    public string? CustodyUri { get; init; }
}

/// <summary>Reads the files of a batch's tokens from the directory that the chain names.</summary>
internal sealed class BatchFiles(GatewayBlocks gateway)
{
    private const int LargestFile = 1 << 20;

    /// <summary>In the order of the tokens.</summary>
    public async Task<IReadOnlyList<TokenFiles>> ReadAsync(ChainBatch batch, CancellationToken cancellation)
    {
        var directory = Cid.DagPb(batch.CurrentMetadata.ToArray());
        var metadata = new UnixFsReader(await gateway.LoadAsync(directory, cancellation));
        var (entries, fault) = await ListAsync(metadata, directory, cancellation);
        var files = new TokenFiles[(int)batch.Count];
        var custody = new Dictionary<Cid, UnixFsReader>();
        for (var index = 0; index < files.Length; index++)
        {
            var (shown, _, shownFault) = await ReadAsync(
                metadata, entries, $"{index}.json", fault, AuditJson.Default.MetadataFile, cancellation);
            files[index] = shown is null
                ? new TokenFiles { MetadataFault = shownFault, CustodyFault = "its metadata cannot be read" }
                : await ReadCustodyAsync(shown, custody, cancellation);
        }

        return files;
    }

    private async Task<TokenFiles> ReadCustodyAsync(
        MetadataFile shown, Dictionary<Cid, UnixFsReader> readers, CancellationToken cancellation)
    {
        var files = new TokenFiles { Metadata = shown, CustodyUri = shown.Custody.Uri };
        var path = shown.Custody.Uri.StartsWith("ipfs://", StringComparison.Ordinal) ? shown.Custody.Uri[7..] : "";
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !Cid.TryParse(path[..slash], out var root))
        {
            return files with { CustodyFault = $"'{shown.Custody.Uri}' is no address of a custody record" };
        }

        if (!readers.TryGetValue(root, out var reader))
        {
            readers[root] = reader = new UnixFsReader(await gateway.LoadAsync(root, cancellation));
        }

        try
        {
            var entry = await reader.ResolveAsync(root, path[(slash + 1)..], cancellation);
            var (record, bytes, fault) = await ReadAsync(reader, entry.Cid, AuditJson.Default.CustodyFile, cancellation);
            return files with
            {
                Custody = record,
                CustodyFault = fault,
                CustodySha256 = bytes is null ? null : SHA256.HashData(bytes),
            };
        }
        catch (Exception unfit) when (IsOfContent(unfit))
        {
            return files with { CustodyFault = unfit.Message.TrimEnd('.') };
        }
    }

    private static async Task<(Dictionary<string, Cid> Entries, string? Fault)> ListAsync(
        UnixFsReader reader, Cid directory, CancellationToken cancellation)
    {
        var entries = new Dictionary<string, Cid>(StringComparer.Ordinal);
        try
        {
            await foreach (var link in reader.ListAsync(directory, cancellation))
            {
                entries[link.Name] = link.Cid;
            }

            return (entries, null);
        }
        catch (Exception unfit) when (IsOfContent(unfit))
        {
            return (entries, unfit.Message.TrimEnd('.'));
        }
    }

    private static async Task<(T? Value, byte[]? Bytes, string? Fault)> ReadAsync<T>(
        UnixFsReader reader,
        Dictionary<string, Cid> entries,
        string name,
        string? fault,
        JsonTypeInfo<T> type,
        CancellationToken cancellation)
        where T : class => entries.TryGetValue(name, out var cid)
            ? await ReadAsync(reader, cid, type, cancellation)
            : (null, null, fault ?? $"the batch's directory has no {name}");

    private static async Task<(T? Value, byte[]? Bytes, string? Fault)> ReadAsync<T>(
        UnixFsReader reader, Cid cid, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        try
        {
            await using var stream = await reader.OpenAsync(cid, cancellation: cancellation);
            if (stream.Length > LargestFile)
            {
                return (null, null, $"{cid} has {stream.Length} bytes, more than {LargestFile}");
            }

            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes, cancellation);
            return (JsonSerializer.Deserialize(bytes, type), bytes, null);
        }
        catch (JsonException exception)
        {
            return (null, null, $"{cid} is not of its form: {exception.Message.TrimEnd('.')}");
        }
        catch (Exception unfit) when (IsOfContent(unfit))
        {
            return (null, null, unfit.Message.TrimEnd('.'));
        }
    }

    /// <summary>What content can be guilty of; a gateway that is away ends the audit.</summary>
    public static bool IsOfContent(Exception fault) =>
        fault is ContentNotFoundException or CorruptBlockException or UnixFsFormatException or NotSupportedException;
}
