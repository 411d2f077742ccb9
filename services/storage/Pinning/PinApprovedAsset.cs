using MassTransit;
using Platform.Events;
using Platform.Hosting;

namespace Platform.Storage;

/// <summary>Pins approved assets on the content network and announces their addresses.</summary>
/// <remarks>
/// May run twice for one message and must not matter: the address is computed from the bytes, the record is written
/// once, and a known asset is only announced again. Heard in batches, so that the bookkeeping of many assets is four
/// commands; a member that fails takes no other with it, and is tried again with its batch.
/// </remarks>
internal sealed partial class PinApprovedAsset(
    AssetPinner pinner, PinnedAssets pinned, TimeProvider clock, ILogger<PinApprovedAsset> logger)
    : IConsumer<Batch<AssetApproved>>
{
    public async Task Consume(ConsumeContext<Batch<AssetApproved>> context)
    {
        var cancellation = context.CancellationToken;
        var approvals = context.Message
            .GroupBy(each => each.Message.AssetId)
            .Select(each => Approval.Of(each.MaxBy(one => one.Message.Iteration)!))
            .ToList();
        var known = await pinned.FindAsync([.. approvals.Select(each => each.AssetId)], cancellation);

        await Task.WhenAll(approvals
            .Where(each => each.IsSame(known))
            .Select(each => AnnounceAsync(context, known[each.AssetId].ToEvent(), each.TraceParent)));

        var outcomes = await pinner.PinAsync([.. approvals.Where(each => each.IsNew(known))], cancellation);
        var added = await pinned.AddAsync(
            [.. outcomes.OfType<PinOutcome.Pinned>().Select(each => each.ToRecord(clock.GetUtcNow()))], cancellation);
        LogPinned(added.Count, added.Sum(each => each.Size));

        await Task.WhenAll(added.Select(each => AnnounceAsync(context, each.ToEvent(), each.TraceParent)));
        await Task.WhenAll(outcomes.OfType<PinOutcome.Impossible>().Select(each => FailAsync(context, each)));
        ThrowIfAnyIsToBeTriedAgain(outcomes);
    }

    private Task FailAsync(ConsumeContext context, PinOutcome.Impossible outcome)
    {
        var approved = outcome.Approval.Message;
        LogImpossible(approved.AssetId, outcome.Reason);
        return AnnounceAsync(
            context,
            new AssetPinFailed
            {
                AssetId = approved.AssetId,
                Iteration = approved.Iteration,
                Campaign = approved.Campaign,
                Reason = outcome.Reason,
                FailedAt = clock.GetUtcNow(),
            },
            outcome.Approval.TraceParent);
    }

    /// <summary>Announces within the trace of the asset's own approval.</summary>
    /// <remarks>The header is set here because the bus would copy that of the batch's first message.</remarks>
    private static async Task AnnounceAsync<T>(ConsumeContext context, T message, string? traceParent)
        where T : class
    {
        using var activity = PlatformTelemetry.Continue("storage.pin-approved-asset", traceParent);
        await context.Publish(
            message, publish => publish.Headers.Set("traceparent", activity.Id), context.CancellationToken);
    }

    private static void ThrowIfAnyIsToBeTriedAgain(IReadOnlyList<PinOutcome> outcomes)
    {
        if (outcomes.OfType<PinOutcome.Unavailable>().FirstOrDefault() is { } unavailable)
        {
            throw unavailable.Fault;
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "Pinned {Count} assets ({Bytes} bytes)")]
    private partial void LogPinned(int count, long bytes);

    [LoggerMessage(2, LogLevel.Error, "Asset {AssetId} cannot be pinned: {Reason}")]
    private partial void LogImpossible(Guid assetId, string reason);

    internal sealed class Endpoint : ConsumerDefinition<PinApprovedAsset>
    {
        public Endpoint() => EndpointName = "storage.pin-approved-asset";

        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpoint,
            IConsumerConfigurator<PinApprovedAsset> consumer,
            IRegistrationContext context)
        {
            endpoint.PrefetchCount = 256; // two batches at work, two filling
            endpoint.UseMessageRetry(retry => retry
                .Exponential(5, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(2))
                .Handle<ContentNetworkUnavailableException>());
            consumer.Options<BatchOptions>(batch => batch
                .SetMessageLimit(64)
                .SetTimeLimit(TimeSpan.FromMilliseconds(20))
                .SetConcurrencyLimit(2));
        }
    }
}
