namespace Platform.Embedded;

/// <summary>How one embedded platform is started.</summary>
internal sealed record EmbeddedOptions
{
    /// <summary>Absolute path.</summary>
    public required string Data { get; init; }

    public required int Port { get; init; }

    public string Generator { get; init; } = "house";

    public int LingerMilliseconds { get; init; } = 1_000;

    public bool Fresh { get; init; }

    /// <summary>Log lines to the console as well as to the file.</summary>
    public bool LogToConsole { get; init; }

    /// <summary>HTTP address of each service where they run apart; null where one process answers for all.</summary>
    public IReadOnlyDictionary<string, Uri>? Services { get; init; }

    public int GrpcPort => Port + 1;

    public int ChainPort => Port + 2;

    public int MongoPort => Port + 3;

    public Uri Http => new($"http://127.0.0.1:{Port}");

    public Uri Grpc => new($"http://127.0.0.1:{GrpcPort}");

    public Uri Rpc => new($"http://127.0.0.1:{ChainPort}");

    /// <summary>Where a service answers HTTP.</summary>
    public Uri HttpOf(string service) => Services?.GetValueOrDefault(service) ?? Http;

    /// <summary>Where a service answers gRPC.</summary>
    public Uri GrpcOf(string service) => new UriBuilder(HttpOf(service)) { Port = HttpOf(service).Port + 1 }.Uri;
}
