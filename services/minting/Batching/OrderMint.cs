using MassTransit;
using Platform.Events;
using Platform.Hosting;

namespace Platform.Minting;

/// <summary>Orders a token for each pinned asset; an asset whose token is final is only announced again.</summary>
/// <remarks>
/// May run twice: an order is inserted once. An order in an unfinished batch announces nothing: the batch has a clock
/// of its own. A recipient that is none fails the asset, each time it is asked for. An order that a crash left with a dissolved batch queues again: who is in which batch, the batches say.
/// </remarks>
internal sealed partial class OrderMint(
    MintOrders orders, MintBatches batches, Mint mint, TimeProvider clock, ILogger<OrderMint> logger)
    : IConsumer<Batch<AssetPinned>>
{
    public async Task Consume(ConsumeContext<Batch<AssetPinned>> context)
    {
        var cancellation = context.CancellationToken;
        var pinned = context.Message.DistinctBy(message => message.Message.AssetId).ToList();
        var known = await orders.FindAsync(pinned.Select(each => each.Message.AssetId), cancellation);

        await orders.AddAsync(
            [.. pinned.Where(each => !known.ContainsKey(each.Message.AssetId)
                && Recipient.Fault(each.Message.Recipient) is null).Select(ToOrder)],
            cancellation);
        foreach (var each in pinned)
        {
            if (!known.ContainsKey(each.Message.AssetId) && Recipient.Fault(each.Message.Recipient) is { } fault)
            {
                LogRefused(each.Message.AssetId, each.Message.Campaign, fault);
                await each.Publish(
                    Recipient.ToFailure(each.Message.AssetId, each.Message.Campaign, fault, clock.GetUtcNow()), cancellation);
            }
        }

        await QueueReleasedAsync([.. known.Values.Where(order => order.State == OrderState.Batched)], cancellation);
        await mint.AnnounceAgainAsync(
            [.. known.Values.Where(order => order.State == OrderState.Minted)], cancellation);
    }

    private async Task QueueReleasedAsync(IReadOnlyList<MintOrder> batched, CancellationToken cancellation)
    {
        if (batched.Count == 0)
        {
            return;
        }

        var members = await batches.MembershipsAsync([.. batched.Select(order => order.Id)], cancellation);
        foreach (var batch in batched.Where(order => !members.ContainsKey(order.Id)).GroupBy(order => order.BatchId!))
        {
            await orders.QueueAgainAsync(batch.Key, batch.Select(order => order.Id), cancellation);
        }
    }

    private MintOrder ToOrder(ConsumeContext<AssetPinned> context) => new()
    {
        Id = context.Message.AssetId,
        Campaign = context.Message.Campaign,
        CampaignVersion = context.Message.CampaignVersion,
        Recipient = context.Message.Recipient,
        State = OrderState.Queued,
        QueuedAt = clock.GetUtcNow(),
        TraceParent = context.Headers.Get<string>(TraceHeader.Name),
    };

    [LoggerMessage(1, LogLevel.Error, "Asset {AssetId} of {Campaign} cannot be minted: {Reason}")]
    private partial void LogRefused(Guid assetId, string campaign, string reason);

    internal sealed class Endpoint : ConsumerDefinition<OrderMint>
    {
        public Endpoint() => EndpointName = "minting.order-mint";

        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpoint,
            IConsumerConfigurator<OrderMint> consumer,
            IRegistrationContext context)
        {
            endpoint.PrefetchCount = 500;
            consumer.Options<BatchOptions>(batch => batch
                .SetMessageLimit(200)
                .SetTimeLimit(TimeSpan.FromMilliseconds(50))
                .SetConcurrencyLimit(2));
        }
    }
}
