using Platform.Events;

namespace Platform.Generation;

/// <summary>Whoever makes the bytes.</summary>
internal interface IArtworkGenerator
{
    string Name { get; }

    string Version { get; }

    /// <summary>SHA-256 that names rules or weights, lower-case hex.</summary>
    string Digest { get; }

    Task<GenerationOutcome> GenerateAsync(GenerationJob job, CancellationToken cancellation);
}

/// <summary>All that decides an artwork: the same job gives the same bytes where the generator is re-provable.</summary>
internal sealed record GenerationJob(ReadOnlyMemory<byte> Seed, string Prompt, ArtDirection Art);

/// <summary>How well an outcome can be made again.</summary>
internal enum Reproducibility
{
    /// <summary>The same bytes, anywhere the renderer runs.</summary>
    Reprovable,

    /// <summary>Something like it.</summary>
    Rerunnable,

    /// <summary>Only that it was made is known.</summary>
    Recorded,
}

/// <summary>How a generation ended.</summary>
internal abstract record GenerationOutcome
{
    /// <param name="Parameters">Canonical JSON (RFC 8785).</param>
    /// <param name="Score">The composition the picture was drawn from, where there is one.</param>
    public sealed record Completed(
        ReadOnlyMemory<byte> Bytes,
        string MediaType,
        string Parameters,
        ReadOnlyMemory<byte>? Score,
        Reproducibility Reproducibility) : GenerationOutcome;

    /// <param name="Stage"><c>input</c> or <c>output</c>.</param>
    public sealed record Filtered(string Stage, IReadOnlyList<string> Categories) : GenerationOutcome;

    public sealed record Refused(string Reason) : GenerationOutcome;

    public sealed record Throttled(TimeSpan RetryAfter) : GenerationOutcome;

    public sealed record Failed(string Reason, bool IsTransient) : GenerationOutcome;

    /// <summary>The provider no longer knows the job; it may have been paid for.</summary>
    public sealed record Lost : GenerationOutcome;
}
