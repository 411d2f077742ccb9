using System.Net.Mime;
using Microsoft.Net.Http.Headers;
using Platform.Content;

namespace Platform.Storage;

/// <summary>Hands blocks and files out to anybody who names them by their CID.</summary>
/// <remarks>
/// Names are followed from block to block and never reach a file system. An answer is streamed: its size does not
/// matter to the memory. Nothing handed out can run in a browser.
/// </remarks>
internal static class GatewayEndpoints
{
    private const string Forever = "public, max-age=29030400, immutable";

    public static void MapGateway(this IEndpointRouteBuilder endpoints) => endpoints
        .MapMethods("/ipfs/{cid}/{**path}", [HttpMethods.Get, HttpMethods.Head], AnswerAsync)
        .WithName("GetContent")
        .WithTags("Gateway")
        .WithSummary("IPFS gateway: a file, one block (?format=raw) or a CAR (?format=car), by CID")
        .Produces<Stream>(
            StatusCodes.Status200OK, MediaTypeNames.Application.Octet, "application/vnd.ipld.raw", "application/vnd.ipld.car")
        .Produces<string>(StatusCodes.Status400BadRequest, MediaTypeNames.Text.Plain)
        .Produces<string>(StatusCodes.Status404NotFound, MediaTypeNames.Text.Plain);

    private static async Task AnswerAsync(HttpContext context, string cid, string? path, IContentNetwork network)
    {
        var cancellation = context.RequestAborted;
        Protect(context);
        try
        {
            var request = GatewayRequest.Read(cid, path, context.Request);
            var trail = new Trail(network);
            var entry = await trail.FollowAsync(request.Root, request.Path, cancellation);
            context.Response.Headers["X-Ipfs-Path"] = context.Request.Path.ToUriComponent();
            context.Response.Headers["X-Ipfs-Roots"] = string.Join(',', trail.Roots);

            await (request.Format switch
            {
                GatewayFormat.Raw => RawAsync(context, trail, entry, cancellation),
                GatewayFormat.Car => CarAnswer.WriteAsync(context, request, trail, entry, cancellation),
                _ => PlainAnswer.WriteAsync(context, request, trail, entry, cancellation),
            });
        }
        catch (GatewayRefusalException refusal)
        {
            await RefuseAsync(context, refusal.StatusCode, refusal.Message, refusal);
        }
        catch (ContentNotFoundException missing)
        {
            var wanted = context.Request.GetTypedHeaders().CacheControl;
            await RefuseAsync(context, wanted?.OnlyIfCached == true ? 412 : 404, missing.Message, missing);
        }
        catch (UnixFsFormatException format)
        {
            await RefuseAsync(context, 400, format.Message, format);
        }
        catch (CorruptBlockException corrupt)
        {
            await RefuseAsync(context, 500, corrupt.Message, corrupt);
        }
    }

    private static async Task RawAsync(
        HttpContext context, Trail trail, UnixFsEntry entry, CancellationToken cancellation) =>
        await Results.Bytes(
            await trail.Reader.GetAsync(entry.Cid, cancellation),
            "application/vnd.ipld.raw",
            fileDownloadName: $"{entry.Cid}.bin",
            enableRangeProcessing: true,
            entityTag: new EntityTagHeaderValue($"\"{entry.Cid}.raw\"")).ExecuteAsync(context);

    /// <summary>Headers of every answer; content may be kept for ever, a refusal may not.</summary>
    private static void Protect(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers.Vary = HeaderNames.Accept;
        context.Response.OnStarting(() =>
        {
            headers.CacheControl = context.Response.StatusCode >= 400 ? "no-store"
                : headers.CacheControl is [] ? Forever : headers.CacheControl;
            return Task.CompletedTask;
        });
    }

    private static async Task RefuseAsync(HttpContext context, int statusCode, string reason, Exception fault)
    {
        if (context.Response.HasStarted)
        {
            // The status is on its way already: only breaking off tells the client that this is not the whole.
            context.Abort();
            throw new IOException($"The answer was broken off: {reason}", fault);
        }

        context.Response.Headers.Remove(HeaderNames.ContentDisposition);
        context.Response.Headers.Remove(HeaderNames.ETag);
        await Results.Text(reason + "\n", MediaTypeNames.Text.Plain, statusCode: statusCode).ExecuteAsync(context);
    }
}
