using Microsoft.Extensions.Options;
using MongoDB.Driver;
using Platform.Chain;
using Platform.Events;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Minting;

/// <summary>Collects queued orders into batches by size and age, and watches that a sealed batch gets its metadata.</summary>
/// <remarks>
/// Of all replicas one works; should two meet for a moment, the unique index over members lets one batch of an asset be.
/// </remarks>
internal sealed partial class SealBatches(
    MintOrders orders,
    MintBatches batches,
    Leases<MintingService> leases,
    IAnnouncer announcer,
    IOptions<MintingOptions> options,
    TimeProvider clock,
    ILogger<SealBatches> logger) : Leased(leases, clock, logger)
{
    // A campaign's batch at most, for several campaigns: the rest is seen in the next round.
    private const int Window = 5_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // By the stopwatch: a clock that jumps neither asks without end nor never again.
    private readonly Dictionary<string, long> asked = [];

    protected override string LeaseName => "sealer";

    protected override TimeSpan Pause => TimeSpan.FromMilliseconds(100);

    protected override async Task<bool> WorkAsync(Lease lease, CancellationToken cancellation)
    {
        await AskAgainAsync(cancellation);
        var queued = await orders.QueuedAsync(Window, cancellation);
        var valid = await RefuseAsync(queued, cancellation);
        var sealedAny = false;
        foreach (var campaign in valid.GroupBy(order => order.Campaign))
        {
            lease.EnsureHeld();
            sealedAny |= await TrySealAsync(campaign.Key, [.. campaign], cancellation);
        }

        return sealedAny && queued.Count == Window;
    }

    /// <summary>Strictly ascending recipients, each once: a second token for one goes to a later batch.</summary>
    internal static IReadOnlyList<MintOrder> Choose(IReadOnlyList<MintOrder> queued, int maxBatch) =>
        [.. queued
            .DistinctBy(order => Address.Parse(order.Recipient))
            .Take(maxBatch)
            .OrderBy(order => Address.Parse(order.Recipient))];

    /// <summary>An order of an older release may have a recipient that no token can go to: it holds up nobody.</summary>
    private async Task<IReadOnlyList<MintOrder>> RefuseAsync(
        IReadOnlyList<MintOrder> queued, CancellationToken cancellation)
    {
        List<MintOrder> valid = [];
        foreach (var order in queued)
        {
            if (Recipient.Fault(order.Recipient) is not { } fault)
            {
                valid.Add(order);
                continue;
            }

            LogRefused(order.Id, order.Campaign, fault);
            var failed = Recipient.ToFailure(order.Id, order.Campaign, fault, Clock.GetUtcNow());
            await announcer.AnnounceAsync(failed, DerivedGuid.From($"{order.Id}|recipient"), order.TraceParent, cancellation);
            await orders.RemoveQueuedAsync(order.Id, cancellation);
        }

        return valid;
    }

    private async Task<bool> TrySealAsync(string campaign, List<MintOrder> queued, CancellationToken cancellation)
    {
        try
        {
            return await SealAsync(campaign, queued, cancellation);
        }
        catch (MongoWriteException exception)
            when (exception.WriteError.Category == ServerErrorCategory.DuplicateKey)
        {
            LogAnotherWasFirst(campaign);
            return false; // The next round sees whose batch they are in.
        }
    }

    private async Task<bool> SealAsync(string campaign, List<MintOrder> queued, CancellationToken cancellation)
    {
        // An order from the future was queued by a clock that has been set back since: nobody waits for that.
        var age = (Clock.GetUtcNow() - queued[0].QueuedAt).Duration();
        if (queued.Count < options.Value.MaxBatch && age < TimeSpan.FromMilliseconds(options.Value.LingerMilliseconds))
        {
            return false;
        }

        // A crash may have come between a batch and the marks on its orders.
        var memberships = await batches.MembershipsAsync([.. queued.Select(order => order.Id)], cancellation);
        foreach (var batch in memberships.GroupBy(each => each.Value, each => each.Key))
        {
            await orders.MarkBatchedAsync(batch.Key, batch, cancellation);
        }

        var members = Choose([.. queued.Where(order => !memberships.ContainsKey(order.Id))], options.Value.MaxBatch);
        if (members.Count == 0)
        {
            return false;
        }

        Guid[] assetIds = [.. members.Select(order => order.Id)];
        var batchId = BatchId.Of(assetIds).ToString();
        var seal = new BatchSeal
        {
            Campaign = campaign,
            Members = assetIds,
            Recipients = [.. members.Select(order => order.Recipient)],
            SealedAt = Clock.GetUtcNow(),
        };
        await batches.Documents.DecideAsync(
            batchId,
            current => new Decision<MintBatch>(
                current is null or MintBatch.Dissolved ? new MintBatch.Sealed { Seal = seal } : current),
            cancellation);
        // Marked before anybody is asked: an answer that dissolves the batch must find the marks it takes back.
        // A crash in between is made good by asking again, which is done at once for a batch not yet asked about.
        await orders.MarkBatchedAsync(batchId, assetIds, cancellation);
        await AskAsync(batchId, seal, cancellation);
        LogSealed(batchId, assetIds.Length, campaign);
        return true;
    }

    private async Task AskAgainAsync(CancellationToken cancellation)
    {
        foreach (var (id, batch) in await batches.InStateAsync<MintBatch.Sealed>(cancellation))
        {
            if (!asked.TryGetValue(id, out var at) || Clock.GetElapsedTime(at) > Patience)
            {
                await AskAsync(id, batch.Seal, cancellation);
            }
        }
    }

    private async Task AskAsync(string batchId, BatchSeal seal, CancellationToken cancellation)
    {
        var now = Clock.GetUtcNow();
        await announcer.AnnounceAsync(
            ToRequest(batchId, seal), DerivedGuid.From($"{batchId}|ask|{now:O}"), traceParent: null, cancellation);
        asked[batchId] = Clock.GetTimestamp();
    }

    private static MetadataPinRequested ToRequest(string batchId, BatchSeal seal) => new()
    {
        BatchId = batchId,
        Campaign = seal.Campaign,
        AssetIds = seal.Members ?? [],
    };

    [LoggerMessage(1, LogLevel.Information, "Sealed batch {BatchId} of {Members} assets of {Campaign}")]
    private partial void LogSealed(string batchId, int members, string campaign);

    [LoggerMessage(2, LogLevel.Information, "Another sealer was first with orders of {Campaign}")]
    private partial void LogAnotherWasFirst(string campaign);

    [LoggerMessage(3, LogLevel.Error, "Asset {AssetId} of {Campaign} cannot be minted: {Reason}")]
    private partial void LogRefused(Guid assetId, string campaign, string reason);
}
