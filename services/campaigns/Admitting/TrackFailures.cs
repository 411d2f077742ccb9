using MassTransit;
using Platform.Events;

namespace Platform.Campaigns;

/// <summary>Notes which assets will not get further, and which wait for a person.</summary>
/// <remarks>May hear anything twice: an admission that has ended stays as it ended.</remarks>
internal sealed class TrackFailures(Admissions admissions, WebhookEndpoints webhooks) :
    IConsumer<AssetWaiting>,
    IConsumer<AssetRejected>,
    IConsumer<GenerationFailed>,
    IConsumer<AssetPinFailed>,
    IConsumer<MintFailed>
{
    public async Task Consume(ConsumeContext<AssetWaiting> context)
    {
        var isTold = await webhooks.IsAnyAsync(context.CancellationToken);
        await admissions.NoteAsync(
            [
                Admissions.Became(context.Message.AssetId, Outcome.Waiting, change =>
                [
                    change.Set(each => each.State.Reasons, context.Message.Reasons),
                    change.Set(each => each.State.NextCheckAt, context.Message.Until),
                    change.Set(each => each.State.Checks, 0),
                    .. Admissions.Tell(isTold, Outcome.Waiting),
                ]),
            ],
            context.CancellationToken);
    }

    public Task Consume(ConsumeContext<AssetRejected> context) => EndAsync(
        context.Message.AssetId, Outcome.Rejected, context.Message.Reasons, context.Message.RejectedAt, context);

    public Task Consume(ConsumeContext<GenerationFailed> context) => EndAsync(
        context.Message.AssetId,
        Outcome.Failed,
        [$"generation.{context.Message.Outcome}", context.Message.Reason],
        context.Message.FailedAt,
        context);

    public Task Consume(ConsumeContext<AssetPinFailed> context) => EndAsync(
        context.Message.AssetId, Outcome.Failed, ["storage.pin", context.Message.Reason], context.Message.FailedAt, context);

    public Task Consume(ConsumeContext<MintFailed> context) => EndAsync(
        context.Message.AssetId, Outcome.Failed, ["minting", context.Message.Reason], context.Message.FailedAt, context);

    private async Task EndAsync(
        Guid assetId, Outcome outcome, IReadOnlyList<string> reasons, DateTimeOffset at, ConsumeContext context)
    {
        var isTold = await webhooks.IsAnyAsync(context.CancellationToken);
        await admissions.NoteAsync(
            [
                Admissions.Became(assetId, outcome, change =>
                [
                    change.Set(each => each.State.Reasons, reasons),
                    change.Set(each => each.State.ClosedAt, at),
                    .. Admissions.Tell(isTold, outcome),
                ]),
            ],
            context.CancellationToken);
    }

    internal sealed class Endpoint : ConsumerDefinition<TrackFailures>
    {
        public Endpoint() => EndpointName = "campaigns.track-failures";
    }
}
