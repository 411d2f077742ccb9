using System.Net;
using System.Net.Mime;
using System.Text;
using Platform.Content;

namespace Platform.Embedded;

/// <summary>The gateway gave no usable answer; asking later may help.</summary>
internal sealed class GatewayUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Fetches raw blocks from an IPFS trustless gateway.</summary>
/// <remarks>
/// Believes nothing: whoever reads through <see cref="UnixFsReader"/> has each block hashed again. What a gateway could
/// do beside lying is bounded here: the size of a block, the time it takes, and how many one verification asks for.
/// </remarks>
internal sealed class GatewayBlocks(HttpClient http, Uri gateway, TimeProvider clock) : IBlockSource
{
    /// <summary>Bytes; peers refuse larger blocks, and ours have at most half of it.</summary>
    public const int LargestBlock = 2 << 20;

    /// <summary>More than the largest batch and the largest image have together.</summary>
    private const int MostBlocks = 16_384;

    /// <summary>Bytes of a gateway's words that are passed on.</summary>
    private const int LongestReason = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Uri root = new(gateway.AbsoluteUri.TrimEnd('/') + "/ipfs/");
    private int asked;

    public async ValueTask<ReadOnlyMemory<byte>?> FindAsync(Cid cid, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref asked) > MostBlocks)
        {
            throw new UnfitContentException($"It takes more than {MostBlocks} blocks, which is more than a batch has");
        }

        using var late = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            return await FetchAsync(cid.ToV1(), either.Token);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException timeout)
        {
            throw new GatewayUnavailableException($"did not answer within {Patience.TotalSeconds} s", timeout);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw new GatewayUnavailableException($"cannot be reached ({fault.Message.TrimEnd('.')})", fault);
        }
    }

    private async Task<ReadOnlyMemory<byte>?> FetchAsync(Cid cid, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(root, $"{cid}?format=raw"));
        request.Headers.Accept.ParseAdd("application/vnd.ipld.raw");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                return await ReadAsync(cid, response.Content, cancellation);
            case HttpStatusCode.NotFound or HttpStatusCode.Gone:
                return default(ReadOnlyMemory<byte>?);
            case HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout:
                throw new GatewayUnavailableException($"answered HTTP {(int)response.StatusCode}");
            case var status:
                throw new UnfitContentException(
                    $"The gateway answered HTTP {(int)status} for block {cid}{await ReasonAsync(response.Content, cancellation)}");
        }
    }

    /// <summary>The gateway's own words, where it has some.</summary>
    private static async Task<string> ReasonAsync(HttpContent content, CancellationToken cancellation)
    {
        if (content.Headers.ContentType?.MediaType != MediaTypeNames.Text.Plain)
        {
            return "";
        }

        var words = new byte[LongestReason];
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var length = await stream.ReadAtLeastAsync(words, words.Length, throwOnEndOfStream: false, cancellation);
        return $": {Encoding.UTF8.GetString(words, 0, length).Trim()}";
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(
        Cid cid, HttpContent content, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength > LargestBlock)
        {
            throw TooLarge(cid);
        }

        await using var stream = await content.ReadAsStreamAsync(cancellation);
        using var bytes = new MemoryStream((int)(content.Headers.ContentLength ?? 0));
        var part = new byte[32 << 10];
        while (await stream.ReadAsync(part, cancellation) is > 0 and var read)
        {
            bytes.Write(part, 0, read);
            if (bytes.Length > LargestBlock)
            {
                throw TooLarge(cid);
            }
        }

        return bytes.ToArray();
    }

    private static UnfitContentException TooLarge(Cid cid) =>
        new($"Block {cid} has more than {LargestBlock} bytes and was not read");
}
