using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using Platform.Content;

namespace Platform.Storage;

/// <summary>Streams a CARv1: the path's blocks and what was asked for below, depth first, each once.</summary>
internal static class CarAnswer
{
    public static async Task WriteAsync(
        HttpContext context, GatewayRequest request, Trail trail, UnixFsEntry entry, CancellationToken cancellation)
    {
        var response = context.Response;
        var range = Range(request, entry);
        var tag = new EntityTagHeaderValue(Tag(request, entry));
        response.Headers.ETag = tag.ToString();
        if (IsKnown(context.Request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/vnd.ipld.car; version=1; order=dfs; dups=n";
        response.Headers.ContentDisposition = $"attachment; filename=\"{entry.Cid}.car\"";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            await response.StartAsync(cancellation); // otherwise its length is said to be 0
            return;
        }

        var car = await CarWriter.CreateAsync(response.Body, [entry.Cid], cancellation);
        await trail.FlowAsync(async block => await car.WriteAsync(block, cancellation));
        await ReadAsync(request.Scope, range, trail.Reader, entry, cancellation);
    }

    /// <summary>Reads what the scope takes in; reading is what puts the blocks into the answer.</summary>
    private static async Task ReadAsync(
        DagScope scope,
        (long Offset, long Length)? range,
        UnixFsReader reader,
        UnixFsEntry entry,
        CancellationToken cancellation)
    {
        switch (scope, entry.Node)
        {
            case (DagScope.All, _):
                await foreach (var _ in reader.WalkAsync(entry.Cid, cancellation))
                {
                }

                break;
            case (DagScope.Entity, UnixFsNode.Shard):
                await foreach (var _ in reader.ListAsync(entry.Cid, cancellation))
                {
                }

                break;
            case (DagScope.Entity, UnixFsNode.File) when range is var (offset, length):
                await using (var bytes = await reader.OpenAsync(entry.Cid, offset, length, cancellation))
                {
                    await bytes.CopyToAsync(Stream.Null, cancellation);
                }

                break;
        }
    }

    private static (long Offset, long Length)? Range(GatewayRequest request, UnixFsEntry entry)
    {
        if (entry.Node is not UnixFsNode.File file)
        {
            return null;
        }

        return request.Bytes is not { } bytes ? (0, file.Size)
            : bytes.Within(file.Size)
                ?? throw new GatewayRefusalException(
                    400, $"The entity-bytes lie outside the {file.Size} bytes of {entry.Cid}.");
    }

    /// <summary>The address, and what else decides which blocks are sent.</summary>
    private static string Tag(GatewayRequest request, UnixFsEntry entry)
    {
        var rest = $"{request.Root}/{string.Join('/', request.Path)}|{request.Scope}|{request.Bytes}";
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(rest)).AsSpan(0, 6);
        return $"\"{entry.Cid}.car.{Convert.ToHexStringLower(digest)}\"";
    }

    private static bool IsKnown(HttpRequest request, EntityTagHeaderValue tag) =>
        request.GetTypedHeaders().IfNoneMatch.Any(known =>
            known == EntityTagHeaderValue.Any || known.Compare(tag, useStrongComparison: false));
}
