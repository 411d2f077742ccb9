using System.Text.Json;

namespace Platform.Embedded;

/// <summary>What a running platform says of itself in its data folder, for the command line.</summary>
internal sealed record RunningFile
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    /// <summary>HTTP port of ingest.</summary>
    public required int Port { get; init; }

    public required int Pid { get; init; }

    /// <summary>JSON-RPC of the chain; null means the port after the next one.</summary>
    public Uri? Rpc { get; init; }

    /// <summary>HTTP address of each service, gRPC being on the port after; null means that one process answers for all.</summary>
    public IReadOnlyDictionary<string, Uri>? Services { get; init; }

    /// <summary>Process ids of each service and server that runs apart.</summary>
    public IReadOnlyDictionary<string, List<int>>? Pids { get; init; }

    public static RunningFile? Read(string data)
    {
        var file = DataFolder.RunningFile(data);
        return File.Exists(file) ? JsonSerializer.Deserialize<RunningFile>(File.ReadAllBytes(file), Format) : null;
    }

    /// <summary>Whole or not at all: it is written again whenever a process was replaced.</summary>
    public static async Task WriteAsync(DataFolder folder, RunningFile running)
    {
        var file = DataFolder.RunningFile(folder.Path);
        await File.WriteAllBytesAsync($"{file}.new", JsonSerializer.SerializeToUtf8Bytes(running, Format));
        File.Move($"{file}.new", file, overwrite: true);
    }
}
