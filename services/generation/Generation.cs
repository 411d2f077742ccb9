using System.Security.Cryptography;
using System.Text;
using Platform.Events;

namespace Platform.Generation;

/// <summary>What was made for an asset, once and for all of its iteration.</summary>
internal sealed record Generation
{
    public required Guid Id { get; init; }

    public required int Iteration { get; init; }

    public required GenerationCompleted? Completed { get; init; }

    public GenerationFailed? Failed { get; init; }

    public object ToEvent() => (object?)Completed ?? Failed!;

    /// <summary>SHA-256 of asset id and iteration: nobody chooses it, and everybody can compute it.</summary>
    public static byte[] SeedOf(Guid assetId, int iteration) =>
        SHA256.HashData(Encoding.ASCII.GetBytes($"{assetId}/{iteration}"));

    public static Generation Complete(
        GenerationRequested requested, GeneratorFacts generator, string content, string mediaType, DateTimeOffset now) => new()
        {
            Id = requested.AssetId,
            Iteration = requested.Iteration,
            Completed = new GenerationCompleted
            {
                AssetId = requested.AssetId,
                Iteration = requested.Iteration,
                Campaign = requested.Campaign,
                CampaignVersion = requested.CampaignVersion,
                Recipient = requested.Recipient,
                Prompt = requested.Prompt,
                Policy = requested.Policy,
                Content = content,
                MediaType = mediaType,
                Custody = requested.Custody with { Generator = generator },
                CompletedAt = AsKept(now),
            },
        };

    public static Generation Fail(GenerationRequested requested, string outcome, string reason, DateTimeOffset now) => new()
    {
        Id = requested.AssetId,
        Iteration = requested.Iteration,
        Completed = null,
        Failed = new GenerationFailed
        {
            AssetId = requested.AssetId,
            Iteration = requested.Iteration,
            Campaign = requested.Campaign,
            Outcome = outcome,
            Reason = reason,
            FailedAt = AsKept(now),
        },
    };

    /// <summary>In the database's milliseconds, so that what is announced again is what was announced.</summary>
    private static DateTimeOffset AsKept(DateTimeOffset now) =>
        DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
}
