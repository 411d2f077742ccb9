using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Platform.Events;
using Platform.Grpc.Generation;

namespace Platform.Generation;

/// <summary>Answers what was generated and how, and shows a picture without keeping it.</summary>
internal sealed class GenerationQueriesService(Generations generations, IArtworkGenerator generator)
    : Platform.Grpc.Generation.Generations.GenerationsBase
{
    private const int DefaultPage = 500;
    private const int LargestPage = 1_000;

    public override async Task<Platform.Grpc.Generation.Generation> GetGeneration(
        GetGenerationRequest request, ServerCallContext context)
    {
        if (!Guid.TryParse(request.AssetId, out var assetId))
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "asset_id: send an asset id, a UUID."));
        }

        var made = await generations.FindAsync(assetId, context.CancellationToken)
            ?? throw new RpcException(new Status(StatusCode.NotFound, $"Nothing was generated for asset {assetId}."));
        return ToMessage(made);
    }

    public override async Task<ListGenerationsResponse> ListGenerations(
        ListGenerationsRequest request, ServerCallContext context)
    {
        var after = request.After.Length == 0 ? (Guid?)null
            : Guid.TryParse(request.After, out var id) ? id
            : throw new RpcException(new Status(StatusCode.InvalidArgument, "after: send an asset id, a UUID."));
        var limit = request.Limit == 0 ? DefaultPage : Math.Clamp(request.Limit, 1, LargestPage);
        var response = new ListGenerationsResponse();
        response.Generations.AddRange(
            (await generations.ListAsync(after, limit, context.CancellationToken)).Select(ToMessage));
        return response;
    }

    public override async Task<PreviewResponse> Preview(PreviewRequest request, ServerCallContext context)
    {
        if (request.Seed.Length is not 0 and not 32)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "seed: send 32 bytes, or none."));
        }

        var art = new ArtDirection
        {
            Families = request.Families,
            Palette = request.Palette,
            Headline = request.Headline.Length == 0 ? null : request.Headline,
            Line = request.Line.Length == 0 ? null : request.Line,
            Wordmark = request.Wordmark.Length == 0 ? null : request.Wordmark,
            Size = request.Size == 0 ? 1024 : request.Size,
        };
        var seed = request.Seed.Length == 0 ? new byte[32] : request.Seed.ToByteArray();
        var outcome = await generator.GenerateAsync(new GenerationJob(seed, request.Prompt, art), context.CancellationToken);
        return outcome is GenerationOutcome.Completed completed
            ? new PreviewResponse
            {
                Image = UnsafeByteOperations.UnsafeWrap(completed.Bytes),
                MediaType = completed.MediaType,
                Parameters = completed.Parameters,
            }
            : throw new RpcException(new Status(StatusCode.FailedPrecondition, Reason(outcome)));
    }

    private static string Reason(GenerationOutcome outcome) => outcome switch
    {
        GenerationOutcome.Refused refused => refused.Reason,
        GenerationOutcome.Failed failed => failed.Reason,
        GenerationOutcome.Filtered filtered => $"The generator filtered the {filtered.Stage}: {string.Join(", ", filtered.Categories)}.",
        GenerationOutcome.Throttled throttled => $"The generator is busy; try again in {throttled.RetryAfter.TotalSeconds:0} s.",
        _ => "The generator made nothing.",
    };

    private static Platform.Grpc.Generation.Generation ToMessage(Generation made)
    {
        var message = new Platform.Grpc.Generation.Generation
        {
            AssetId = made.Id.ToString(),
            Iteration = made.Iteration,
            Outcome = made.Failed?.Outcome ?? "completed",
            Reason = made.Failed?.Reason ?? "",
        };
        if (made.Completed is { Custody.Generator: { } by } completed)
        {
            message.Content = completed.Content;
            message.MediaType = completed.MediaType;
            message.Generator = by.Name;
            message.GeneratorVersion = by.Version;
            message.GeneratorDigest = by.Digest;
            message.Parameters = by.Parameters;
            message.Seed = by.Seed;
            message.Score = by.Score ?? "";
            message.CompletedAt = completed.CompletedAt.ToTimestamp();
        }

        return message;
    }
}
