using System.Net.Mime;
using System.Text.Encodings.Web;
using Microsoft.Net.Http.Headers;
using Platform.Content;

namespace Platform.Storage;

/// <summary>Answers with the file itself, ranges included, or with a list of the directory.</summary>
internal static class PlainAnswer
{
    public static async Task WriteAsync(
        HttpContext context, GatewayRequest request, Trail trail, UnixFsEntry entry, CancellationToken cancellation)
    {
        switch (entry.Node)
        {
            case UnixFsNode.Directory or UnixFsNode.Shard:
                await ListAsync(context, trail, entry, cancellation);
                break;
            case UnixFsNode.Symlink link:
                throw new GatewayRefusalException(
                    404, $"{entry.Cid} is a symbolic link to '{link.Target}', which is not followed.");
            default:
                await FileAsync(context, request, trail, entry, cancellation);
                break;
        }
    }

    private static async Task FileAsync(
        HttpContext context, GatewayRequest request, Trail trail, UnixFsEntry entry, CancellationToken cancellation)
    {
        var bytes = await trail.Reader.OpenAsync(entry.Cid, cancellation: cancellation);
        var head = new byte[MediaTypeSniffer.Needed];
        var read = await bytes.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);
        bytes.Position = 0;

        // From here blocks flow through without being kept.
        await trail.FlowAsync(_ => ValueTask.CompletedTask);
        await Results.Stream(
            bytes,
            MediaTypeSniffer.Sniff(head.AsSpan(0, read), request.Path.Count == 0 ? null : request.Path[^1]),
            enableRangeProcessing: true,
            entityTag: new EntityTagHeaderValue($"\"{entry.Cid}\"")).ExecuteAsync(context);
    }

    private static async Task ListAsync(
        HttpContext context, Trail trail, UnixFsEntry entry, CancellationToken cancellation)
    {
        context.Response.ContentType = MediaTypeNames.Text.Html + "; charset=utf-8";
        context.Response.Headers.ETag = $"W/\"DirIndex.{entry.Cid}\"";
        context.Response.Headers.CacheControl = "public, max-age=604800"; // the page may change, not what it lists
        if (HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.StartAsync(cancellation);
            return;
        }

        await trail.FlowAsync(_ => ValueTask.CompletedTask);
        await context.Response.WriteAsync(
            $"<!doctype html><meta charset=\"utf-8\"><title>{entry.Cid}</title><ul>\n", cancellation);
        await foreach (var link in trail.Reader.ListAsync(entry.Cid, cancellation))
        {
            var (address, name) = (UrlEncoder.Default.Encode(link.Name), HtmlEncoder.Default.Encode(link.Name));
            await context.Response.WriteAsync(
                $"<li><a href=\"/ipfs/{entry.Cid}/{address}\">{name}</a>\n", cancellation);
        }

        await context.Response.WriteAsync("</ul>\n", cancellation);
    }
}

/// <summary>Tells a file's media type by its first bytes; nothing that a browser runs is ever among them.</summary>
internal static class MediaTypeSniffer
{
    /// <summary>Bytes of a file's beginning that decide.</summary>
    public const int Needed = 512;

    private const string Json = MediaTypeNames.Application.Json;

    public static string Sniff(ReadOnlySpan<byte> head, string? name) => head switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => MediaTypeNames.Image.Png,
        [0xff, 0xd8, 0xff, ..] => MediaTypeNames.Image.Jpeg,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => MediaTypeNames.Image.Gif,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] =>
            MediaTypeNames.Image.Webp,
        _ when !IsText(head) => MediaTypeNames.Application.Octet,
        _ when name?.EndsWith(".json", StringComparison.OrdinalIgnoreCase) == true || LooksLikeJson(head) => Json,
        _ => MediaTypeNames.Text.Plain + "; charset=utf-8",
    };

    /// <remarks>UTF-8 without control characters; a character cut off at the end is forgiven.</remarks>
    private static bool IsText(ReadOnlySpan<byte> head)
    {
        foreach (var each in head)
        {
            if (each is < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0c or 0x1b))
            {
                return false;
            }
        }

        for (var cut = 0; cut < 4 && cut <= head.Length; cut++)
        {
            if (System.Text.Unicode.Utf8.IsValid(head[..^cut]))
            {
                return cut == 0 || head.Length == Needed;
            }
        }

        return false;
    }

    private static bool LooksLikeJson(ReadOnlySpan<byte> head) =>
        head.TrimStart(" \t\r\n"u8) is [(byte)'{', (byte)'"' or (byte)'}' or (byte)'\n' or (byte)' ' or (byte)'\r', ..]
            or [(byte)'[', (byte)'{' or (byte)'"' or (byte)'[' or (byte)']', ..];
}
