namespace Platform.EmbeddedMongo;

/// <summary>Where a server keeps its documents and how it flushes them.</summary>
public sealed record EmbeddedMongoOptions
{
    /// <summary>The SQLite file; its folder is made if it is missing.</summary>
    public required string Path { get; init; }

    /// <summary>On the loopback address; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>True: an acknowledged write survives a power failure. False: it survives the process only.</summary>
    public bool FullSync { get; init; } = true;

    /// <summary>How often documents past their time are deleted.</summary>
    public TimeSpan TtlInterval { get; init; } = TimeSpan.FromSeconds(60);

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
