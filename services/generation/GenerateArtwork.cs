using MassTransit;
using Platform.Content;
using Platform.Events;
using Platform.Hosting;

namespace Platform.Generation;

/// <summary>Makes the artwork of an admitted event and announces its digest.</summary>
/// <remarks>
/// May run twice: the seed is derived from the asset, the bytes are kept under their digest, the record is written
/// once, and what was made is only announced again.
/// </remarks>
internal sealed partial class GenerateArtwork(
    IArtworkGenerator generator,
    IContentStore content,
    Generations generations,
    TimeProvider clock,
    ILogger<GenerateArtwork> logger) : IConsumer<GenerationRequested>
{
    public async Task Consume(ConsumeContext<GenerationRequested> context)
    {
        var requested = context.Message;
        var cancellation = context.CancellationToken;

        var known = await generations.FindAsync(requested.AssetId, cancellation);
        if (known is null || known.Iteration < requested.Iteration)
        {
            var made = await GenerateAsync(requested, cancellation);
            known = await generations.AddAsync(made, cancellation);
        }

        await context.Publish(known.ToEvent(), cancellation);
    }

    private async Task<Generation> GenerateAsync(GenerationRequested requested, CancellationToken cancellation)
    {
        var seed = Generation.SeedOf(requested.AssetId, requested.Iteration);
        var outcome = await generator.GenerateAsync(new GenerationJob(seed, requested.Prompt, requested.Art), cancellation);
        switch (outcome)
        {
            case GenerationOutcome.Completed completed:
                return await KeepAsync(requested, seed, completed, cancellation);
            case GenerationOutcome.Filtered filtered:
                return Fail(requested, "filtered", $"{filtered.Stage}: {string.Join(", ", filtered.Categories)}");
            case GenerationOutcome.Refused refused:
                return Fail(requested, "refused", refused.Reason);
            case GenerationOutcome.Failed { IsTransient: false } failed:
                return Fail(requested, "failed", failed.Reason);
            default:
                throw new GeneratorUnavailableException(generator.Name, outcome);
        }
    }

    private async Task<Generation> KeepAsync(
        GenerationRequested requested, byte[] seed, GenerationOutcome.Completed completed, CancellationToken cancellation)
    {
        var digest = await content.PutAsync(completed.Bytes, cancellation);
        var score = completed.Score is { } bytes ? await content.PutAsync(bytes, cancellation) : null;
        LogGenerated(requested.AssetId, digest, completed.Bytes.Length);
        var facts = new GeneratorFacts
        {
            Name = generator.Name,
            Version = generator.Version,
            Digest = generator.Digest,
            Parameters = completed.Parameters,
            Seed = Convert.ToHexStringLower(seed),
            Score = score,
        };
        return Generation.Complete(requested, facts, digest, completed.MediaType, clock.GetUtcNow());
    }

    private Generation Fail(GenerationRequested requested, string outcome, string reason)
    {
        LogFailed(requested.AssetId, outcome, reason);
        return Generation.Fail(requested, outcome, reason, clock.GetUtcNow());
    }

    [LoggerMessage(1, LogLevel.Information, "Generated asset {AssetId} as {Content} ({Size} bytes)")]
    private partial void LogGenerated(Guid assetId, string content, int size);

    [LoggerMessage(2, LogLevel.Warning, "Could not generate asset {AssetId}: {Outcome}, {Reason}")]
    private partial void LogFailed(Guid assetId, string outcome, string reason);

    internal sealed class Endpoint : ConsumerDefinition<GenerateArtwork>
    {
        public Endpoint()
        {
            EndpointName = "generation.generate-artwork";
            ConcurrentMessageLimit = 64; // most wait for a disk or a neighbour; the generator itself bounds what costs a core
        }

        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpoint,
            IConsumerConfigurator<GenerateArtwork> consumer,
            IRegistrationContext context) =>
            endpoint.UseMessageRetry(retry =>
            {
                retry.Exponential(5, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(2));
                retry.Handle<GeneratorUnavailableException>();
            });
    }
}

/// <summary>The generator cannot answer now; the same request may succeed later.</summary>
internal sealed class GeneratorUnavailableException(string generator, GenerationOutcome outcome)
    : Exception($"Generator '{generator}' did not complete: {outcome}."), IOutage;
