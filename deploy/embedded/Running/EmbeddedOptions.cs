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

    public int GrpcPort => Port + 1;

    public int ChainPort => Port + 2;

    public int MongoPort => Port + 3;

    public Uri Http => new($"http://127.0.0.1:{Port}");

    public Uri Grpc => new($"http://127.0.0.1:{GrpcPort}");

    public Uri Rpc => new($"http://127.0.0.1:{ChainPort}");
}
