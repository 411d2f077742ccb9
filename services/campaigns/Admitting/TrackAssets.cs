using MassTransit;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using Platform.Events;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>Notes how far each asset got.</summary>
/// <remarks>
/// May hear anything twice, late or in any order: a stage is only ever raised, and what is set is the same each time.
/// Heard in batches, so that the bookkeeping of a thousand assets is a few commands.
/// </remarks>
internal sealed class TrackAssets(
    Admissions admissions, WebhookEndpoints webhooks, IOptions<CampaignsOptions> options, TimeProvider clock) :
    IConsumer<Batch<GenerationCompleted>>,
    IConsumer<Batch<AssetApproved>>,
    IConsumer<Batch<AssetPinned>>,
    IConsumer<Batch<TokenMinted>>
{
    public Task Consume(ConsumeContext<Batch<GenerationCompleted>> context) =>
        NoteAsync(context, completed => [Reached(completed.AssetId, Stage.Generated, completed.CompletedAt)]);

    public async Task Consume(ConsumeContext<Batch<AssetApproved>> context)
    {
        await NoteAsync(context, approved => [Reached(approved.AssetId, Stage.Approved, approved.ApprovedAt)]);
        await admissions.NoLongerWaitingAsync(
            context.Message.Select(message => message.Message.AssetId), context.CancellationToken);
    }

    public Task Consume(ConsumeContext<Batch<AssetPinned>> context) => NoteAsync(context, pinned =>
    [
        Admissions.Reached(pinned.AssetId, Stage.Pinned, pinned.PinnedAt, NextCheck(), change =>
        [
            change.Set("State.Content", pinned.Content),
            change.Set("State.Cid", pinned.Cid),
        ]),
    ]);

    public async Task Consume(ConsumeContext<Batch<TokenMinted>> context)
    {
        var isTold = await webhooks.IsAnyAsync(context.CancellationToken);
        await NoteAsync(context, minted =>
        [
            Admissions.Reached(minted.AssetId, Stage.Minted, minted.MintedAt, NextCheck(), change =>
            [
                change.Set("State.Outcome", Outcome.Minted),
                change.Set("State.ClosedAt", minted.MintedAt),
                change.Set("State.ChainId", minted.ChainId),
                change.Set("State.Contract", minted.Contract),
                change.Set("State.TokenId", minted.TokenId),
                change.Set("State.Index", minted.Index),
                change.Set("State.MetadataCid", minted.MetadataCid),
                change.Set("State.CustodyCid", minted.CustodyCid),
                change.Set("State.TransactionHash", minted.TransactionHash),
                .. Admissions.Tell(isTold, Outcome.Minted),
            ]),
        ]);
        await MeasureAsync(context);
    }

    private async Task MeasureAsync(ConsumeContext<Batch<TokenMinted>> context)
    {
        if (!PlatformTelemetry.TimeToMarket.Enabled)
        {
            return;
        }

        var closed = await admissions.FindManyAsync(
            context.Message.Select(message => message.Message.AssetId), context.CancellationToken);
        foreach (var admission in closed.Values)
        {
            PlatformTelemetry.TimeToMarket.Record(((admission.ClosedAt ?? admission.StageAt) - admission.ReceivedAt).TotalSeconds);
        }
    }

    private WriteModel<Decided<Guid, Admission>> Reached(Guid assetId, Stage stage, DateTimeOffset at) =>
        Admissions.Reached(assetId, stage, at, NextCheck(), _ => []);

    private DateTimeOffset NextCheck() => clock.GetUtcNow() + TimeSpan.FromSeconds(options.Value.FirstCheckSeconds);

    private async Task NoteAsync<T>(
        ConsumeContext<Batch<T>> context, Func<T, IEnumerable<WriteModel<Decided<Guid, Admission>>>> news)
        where T : class
    {
        await admissions.NoteAsync(context.Message.SelectMany(message => news(message.Message)), context.CancellationToken);
        PlatformTelemetry.Stage.Add(
            context.Message.Length, new KeyValuePair<string, object?>("stage", StageNames.Of<T>()));
    }

    internal sealed class Endpoint : ConsumerDefinition<TrackAssets>
    {
        public Endpoint() => EndpointName = "campaigns.track-assets";

        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpoint,
            IConsumerConfigurator<TrackAssets> consumer,
            IRegistrationContext context)
        {
            endpoint.PrefetchCount = 1_000;
            consumer.Options<BatchOptions>(batch => batch
                .SetMessageLimit(200)
                .SetTimeLimit(TimeSpan.FromMilliseconds(100))
                .SetConcurrencyLimit(2));
        }
    }

    private static class StageNames
    {
        public static string Of<T>() => typeof(T).Name switch
        {
            nameof(GenerationCompleted) => "generated",
            nameof(AssetApproved) => "approved",
            nameof(AssetPinned) => "pinned",
            _ => "minted",
        };
    }
}
