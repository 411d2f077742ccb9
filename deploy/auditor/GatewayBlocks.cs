using System.Net;
using Platform.Content;

namespace Platform.Auditor;

/// <summary>Fetches blocks from an IPFS trustless gateway: a directory at once as CAR, single ones where that lacks them.</summary>
/// <remarks>Believes nothing: whoever reads through <see cref="UnixFsReader"/> has each block hashed again.</remarks>
internal sealed class GatewayBlocks(HttpClient http, Uri gateway, TimeProvider clock) : IBlockSource
{
    /// <summary>Bytes; peers refuse larger blocks.</summary>
    private const int LargestBlock = 2 << 20;

    private const int Tries = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly Uri root = new(gateway.AbsoluteUri.TrimEnd('/') + "/ipfs/");

    /// <summary>All blocks below an address that the gateway gives in one answer; the others are asked for one by one.</summary>
    public async Task<IBlockSource> LoadAsync(Cid below, CancellationToken cancellation)
    {
        var loaded = new MemoryBlocks();
        try
        {
            using var response = await http.GetAsync(
                new Uri(root, $"{below}?format=car"), HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
                var car = await CarReader.OpenAsync(stream, cancellation);
                await foreach (var block in car.ReadAsync(cancellation))
                {
                    loaded.Add(new Block(block.Cid, block.Data));
                }
            }
        }
        catch (Exception brokenOff) when (brokenOff is CarFormatException or HttpRequestException or IOException)
        {
            // What is missing, or was not what its address says, is asked for again below and judged there.
        }

        return new Loaded(loaded, this);
    }

    public async ValueTask<ReadOnlyMemory<byte>?> FindAsync(Cid cid, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var response = await http.GetAsync(
                    new Uri(root, $"{cid.ToV1()}?format=raw"), HttpCompletionOption.ResponseHeadersRead, cancellation);
                switch (response.StatusCode)
                {
                    case HttpStatusCode.OK:
                        return await ReadAsync(cid, response.Content, cancellation);
                    case HttpStatusCode.NotFound or HttpStatusCode.Gone:
                        return default(ReadOnlyMemory<byte>?);
                    case var status when attempt == Tries:
                        throw new AuditUnavailableException(
                            $"The gateway at {gateway.Authority} answered HTTP {(int)status} for block {cid}.");
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException)
            {
                if (attempt == Tries)
                {
                    throw new AuditUnavailableException(
                        $"The gateway at {gateway.Authority} cannot be reached ({fault.Message.TrimEnd('.')}).", fault);
                }
            }

            await Task.Delay(Pause, clock, cancellation);
        }
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(
        Cid cid, HttpContent content, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        using var bytes = new MemoryStream((int)Math.Min(content.Headers.ContentLength ?? 0, LargestBlock));
        var part = new byte[32 << 10];
        while (await stream.ReadAsync(part, cancellation) is > 0 and var read)
        {
            bytes.Write(part, 0, read);
            if (bytes.Length > LargestBlock)
            {
                throw new CorruptBlockException(cid, $"has more than {LargestBlock} bytes and was not read");
            }
        }

        return bytes.ToArray();
    }

    private sealed class Loaded(MemoryBlocks loaded, GatewayBlocks gateway) : IBlockSource
    {
        public async ValueTask<ReadOnlyMemory<byte>?> FindAsync(Cid cid, CancellationToken cancellation) =>
            await loaded.FindAsync(cid, cancellation) ?? await gateway.FindAsync(cid, cancellation);
    }
}
