using System.Security.Cryptography;
using MassTransit;
using Platform.Content;
using Platform.Events;

namespace Platform.Storage;

/// <summary>An approval and the trace it belongs to.</summary>
internal sealed record Approval(AssetApproved Message, string? TraceParent)
{
    public Guid AssetId => Message.AssetId;

    public static Approval Of(ConsumeContext<AssetApproved> context) =>
        new(context.Message, context.Headers.Get<string>("traceparent"));

    public bool IsSame(IReadOnlyDictionary<Guid, PinnedAsset> known) =>
        known.TryGetValue(AssetId, out var pin) && pin.Iteration == Message.Iteration;

    public bool IsNew(IReadOnlyDictionary<Guid, PinnedAsset> known) =>
        !known.TryGetValue(AssetId, out var pin) || pin.Iteration < Message.Iteration;
}

/// <summary>How the pinning of one asset ended.</summary>
internal abstract record PinOutcome(Approval Approval)
{
    /// <summary>On the network, read back and hashed again.</summary>
    public sealed record Pinned(Approval Approval, StagedDag Dag) : PinOutcome(Approval)
    {
        public PinnedAsset ToRecord(DateTimeOffset now) =>
            PinnedAsset.From(Approval.Message, Dag.Root, Approval.TraceParent, now);
    }

    /// <summary>The bytes are missing or are others; trying again would not help.</summary>
    public sealed record Impossible(Approval Approval, string Reason) : PinOutcome(Approval);

    /// <summary>The network could not take or give them now.</summary>
    public sealed record Unavailable(Approval Approval, ContentNetworkUnavailableException Fault)
        : PinOutcome(Approval);
}

/// <summary>Takes assets from the content store to the network, several at a time, each with its own outcome.</summary>
internal sealed class AssetPinner(IContentStore content, IContentNetwork network)
{
    // While one asset waits for the disk, another is hashed; also bounds the memory, one leaf each.
    private const int AtOnce = 8;

    public async Task<IReadOnlyList<PinOutcome>> PinAsync(
        IReadOnlyList<Approval> approvals, CancellationToken cancellation)
    {
        var staged = await EachAsync(approvals, StageAsync, cancellation);
        await network.PinAsync([.. staged.OfType<PinOutcome.Pinned>().Select(each => each.Dag)], cancellation);

        return await EachAsync(staged, ReadBackAsync, cancellation);
    }

    private async ValueTask<PinOutcome> StageAsync(Approval approval, CancellationToken cancellation)
    {
        var digest = approval.Message.Content;
        try
        {
            return new PinOutcome.Pinned(approval, await network.StageAsync(
                async (sink, cancelled) =>
                {
                    await using var bytes = await content.OpenAsync(digest, cancelled);
                    return await ImportAsync(digest, bytes, sink, cancelled);
                },
                cancellation));
        }
        catch (Exception fault) when (fault is ContentNotFoundException or CorruptContentException or ArgumentException)
        {
            return new PinOutcome.Impossible(approval, fault.Message);
        }
        catch (ContentNetworkUnavailableException fault)
        {
            return new PinOutcome.Unavailable(approval, fault);
        }
    }

    private async ValueTask<PinOutcome> ReadBackAsync(PinOutcome outcome, CancellationToken cancellation)
    {
        if (outcome is not PinOutcome.Pinned { Dag.Root.Cid: var root })
        {
            return outcome;
        }

        try
        {
            await network.ReadBackAsync(root, cancellation);
            return outcome;
        }
        catch (ContentNetworkUnavailableException fault)
        {
            return new PinOutcome.Unavailable(outcome.Approval, fault);
        }
    }

    /// <remarks>A file of one leaf has its digest for an address; only a larger one is hashed beside its blocks.</remarks>
    private static async Task<DagRoot> ImportAsync(
        string digest, Stream bytes, Func<Block, CancellationToken, ValueTask> sink, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var isLarge = bytes.Length > PinnedAsset.CurrentProfile.ChunkSize;
        var root = await UnixFsFile.ImportAsync(
            bytes,
            PinnedAsset.CurrentProfile,
            (block, cancelled) =>
            {
                if (isLarge && block.Cid.Codec == Multicodec.Raw)
                {
                    hash.AppendData(block.Data.Span);
                }

                return sink(block, cancelled);
            },
            cancellation);

        var found = Convert.ToHexStringLower(isLarge ? hash.GetHashAndReset() : root.Cid.Digest);
        return found == digest ? root : throw new CorruptContentException(digest);
    }

    private static async Task<IReadOnlyList<PinOutcome>> EachAsync<T>(
        IReadOnlyList<T> items, Func<T, CancellationToken, ValueTask<PinOutcome>> deed, CancellationToken cancellation)
    {
        var outcomes = new PinOutcome[items.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, items.Count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (index, cancelled) => outcomes[index] = await deed(items[index], cancelled));
        return outcomes;
    }
}
