using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Platform.Content;

namespace Platform.Storage;

/// <summary>What a gateway can answer with.</summary>
internal enum GatewayFormat
{
    /// <summary>The file itself, or a list of the directory.</summary>
    Plain,

    /// <summary>One block, to be verified by whoever asked.</summary>
    Raw,

    /// <summary>The path's blocks and those below it, to be verified by whoever asked.</summary>
    Car,
}

/// <summary>How much of the DAG below the path a CAR holds.</summary>
internal enum DagScope
{
    Block,
    Entity,
    All,
}

/// <summary>A range of a file's bytes, both ends included; negative counts from the end, null is the end.</summary>
internal readonly record struct EntityBytes(long From, long? To)
{
    /// <summary>Offset and length within so many bytes; null when no byte is meant.</summary>
    public (long Offset, long Length)? Within(long size)
    {
        var first = From < 0 ? Math.Max(0, size + From) : From;
        var last = To switch { null => size - 1, < 0 => size + To.Value, _ => Math.Min(To.Value, size - 1) };
        return first <= last ? (first, last - first + 1) : null;
    }
}

/// <summary>The request cannot be answered as it is put.</summary>
internal sealed class GatewayRefusalException(int statusCode, string reason) : Exception(reason)
{
    public int StatusCode { get; } = statusCode;
}

/// <summary>A question to the gateway, read and checked (IPFS path and trustless gateway specifications).</summary>
internal sealed record GatewayRequest(
    Cid Root, IReadOnlyList<string> Path, GatewayFormat Format, DagScope Scope, EntityBytes? Bytes)
{
    private const string RawType = "application/vnd.ipld.raw";
    private const string CarType = "application/vnd.ipld.car";

    /// <exception cref="GatewayRefusalException">400 or 406, with the reason.</exception>
    public static GatewayRequest Read(string cid, string? path, HttpRequest request)
    {
        var bytes = ReadBytes(request.Query["entity-bytes"]);
        return new GatewayRequest(
            ReadCid(cid),
            path?.Split('/', StringSplitOptions.RemoveEmptyEntries) ?? [],
            ReadFormat(request),
            ReadScope(request.Query["dag-scope"], bytes),
            bytes);
    }

    private static Cid ReadCid(string text)
    {
        try
        {
            var cid = Cid.Parse(text);
            return cid.HashFunction is Multihash.Sha256 or Multihash.Identity
                ? cid
                : throw new GatewayRefusalException(
                    400, $"{text} is hashed by function 0x{cid.HashFunction:x}; only SHA-256 is kept here.");
        }
        catch (FormatException exception)
        {
            throw new GatewayRefusalException(400, exception.Message);
        }
    }

    /// <remarks>What the URL says goes before what the header says: browsers send a header of their own.</remarks>
    private static GatewayFormat ReadFormat(HttpRequest request) => request.Query["format"].ToString() switch
    {
        "raw" => GatewayFormat.Raw,
        "car" => ReadCarVersion(request.Query["car-version"]),
        "" => ReadAccept(request.Headers.Accept),
        var other => throw new GatewayRefusalException(
            400, $"The format '{other}' is unknown here; use raw or car, or none for the file."),
    };

    private static GatewayFormat ReadAccept(StringValues accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var types))
        {
            return GatewayFormat.Plain;
        }

        foreach (var type in types.OrderByDescending(type => type.Quality ?? 1))
        {
            switch (type.MediaType.Value)
            {
                case RawType:
                    return GatewayFormat.Raw;
                case CarType:
                    var version = type.Parameters.FirstOrDefault(parameter => parameter.Name == "version")?.Value ?? "";
                    return ReadCarVersion(version.Value, 406);
                case { } name when !name.StartsWith("application/vnd.ip", StringComparison.Ordinal):
                    return GatewayFormat.Plain;
            }
        }

        return types.Count == 0
            ? GatewayFormat.Plain
            : throw new GatewayRefusalException(
                406, $"'{accept}' is not made here; ask for {RawType}, {CarType}, or */* for the file.");
    }

    private static GatewayFormat ReadCarVersion(string? version, int refusal = 400) => version is null or "" or "1"
        ? GatewayFormat.Car
        : throw new GatewayRefusalException(refusal, $"CAR version {version} is not made here, only version 1.");

    private static DagScope ReadScope(string? scope, EntityBytes? bytes) => scope switch
    {
        null or "" => bytes is null ? DagScope.All : DagScope.Entity,
        "block" => DagScope.Block,
        "entity" => DagScope.Entity,
        "all" => DagScope.All,
        _ => throw new GatewayRefusalException(400, $"The dag-scope '{scope}' is unknown; use block, entity or all."),
    };

    private static EntityBytes? ReadBytes(string? range)
    {
        if (range is null or "")
        {
            return null;
        }

        return range.Split(':') switch
        {
            [var from, "*"] when Number(from) is { } first => new EntityBytes(first, null),
            [var from, var to] when Number(from) is { } first && Number(to) is { } last => new EntityBytes(first, last),
            _ => throw new GatewayRefusalException(
                400, $"The entity-bytes '{range}' is no range; write from:to, such as 0:1023 or -1024:*."),
        };

        static long? Number(string text) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
                : null;
    }
}
