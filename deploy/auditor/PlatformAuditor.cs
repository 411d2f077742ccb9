using System.Text;
using Grpc.Core;
using Platform.Chain;
using Platform.Chain.Contracts;
using Platform.Grpc.Minting;

namespace Platform.Auditor;

/// <summary>
/// Proves from ingest answers, gateway, chain and the services' own answers that nothing was lost, doubled or made up.
/// </summary>
/// <remarks>
/// Written apart from the services: it shares contracts and codecs with them, and no reading of what is true. It only
/// reads, and may run beside traffic, where what is under way counts as unfinished.
/// </remarks>
public sealed class PlatformAuditor(AuditAddresses addresses, HttpClient http, TimeProvider clock)
{
    private const int LargestAnswer = 64 << 20;

    /// <summary>Told how far it is; the same words may come again.</summary>
    public Action<string> Say { get; init; } = _ => { };

    /// <summary>How long to wait for every asset to end before looking.</summary>
    public TimeSpan Wait { get; init; }

    /// <param name="answers">What the ingest answered; null takes campaigns' own list of assets for accepted.</param>
    /// <param name="cancellation">Ends the audit.</param>
    /// <exception cref="AuditUnavailableException">A service, the chain or the gateway gives no answer.</exception>
    public async Task<AuditReport> AuditAsync(IReadOnlyList<IngestAnswer>? answers, CancellationToken cancellation)
    {
        using var services = await Services.ConnectAsync(addresses, http, cancellation);
        try
        {
            return await AuditAsync(services, answers, cancellation);
        }
        catch (ChainUnavailableException fault)
        {
            throw new AuditUnavailableException($"The chain gives no answer: {fault.Message}", fault);
        }
        catch (RpcException fault) when (fault.StatusCode is StatusCode.Unavailable or StatusCode.Unauthenticated
            or StatusCode.PermissionDenied)
        {
            throw new AuditUnavailableException($"A service gives no answer: {fault.Status.Detail}", fault);
        }
    }

    private async Task<AuditReport> AuditAsync(
        Services services, IReadOnlyList<IngestAnswer>? answers, CancellationToken cancellation)
    {
        var findings = new Findings();
        var quiet = new Quiet(services, clock, Say);
        await quiet.WaitForAssetsAsync(Wait, cancellation);

        // In this order: what a later list lacks, an earlier one cannot have by right.
        var known = KnownAssets.Of(services);
        var parts = new ServicesCheck(findings, Say);
        await parts.ReadAsync(known, cancellation);
        var accepted = await AcceptedAssets.ReadAsync(services.Campaigns, Say, cancellation);
        var assets = accepted.ById;
        var rpc = new JsonRpcClient(http, addresses.Rpc, new JsonRpcOptions { MaxResponseBytes = LargestAnswer });
        var chain = new EthereumClient(rpc);
        var book = await ReadChainAsync(services, accepted, rpc, chain, findings, cancellation);

        EventCheck.ExpectEnded(findings, assets.Values);
        if (answers is not null)
        {
            EventCheck.Run(findings, answers, assets, accepted.VariantsOf);
        }

        await parts.CompareAsync(known, assets, cancellation);
        BatchCheck.Run(findings, book, await ReadBatchesAsync(services, accepted, cancellation));
        var content = new ContentCheck(findings, new GatewayBlocks(http, addresses.Gateway, clock), Say);
        var proved = await content.ReadAsync(book, cancellation);
        await accepted.AskAgainAsync(proved.Select(token => token.AssetId), cancellation);
        TokenCheck.Run(findings, book, proved, assets);
        var holdings = new HoldingsCheck(findings, services.RoyaltyIndexer, Say);
        var indexed = await quiet.WaitForIndexerAsync(book.Block, Wait, cancellation);
        await holdings.RunAsync(book, indexed, cancellation);
        var feed = new FeedCheck(findings, services.RoyaltyIndexer, Say);
        await feed.RunAsync(book, proved, indexed, cancellation);

        return new AuditReport
        {
            ChainId = book.ChainId,
            Block = book.Block,
            Counts = Counts.Of(answers, accepted, book, findings, parts, content, holdings, feed),
            Kinds = findings.Kinds,
            Differences = findings.Differences,
        };
    }

    private async Task<ChainBook> ReadChainAsync(
        Services services,
        AcceptedAssets accepted,
        JsonRpcClient rpc,
        EthereumClient chain,
        Findings findings,
        CancellationToken cancellation)
    {
        var told = await services.Minting.GetChainAsync(new GetChainRequest(), cancellationToken: cancellation);
        var collections = await CollectionsAsync(services, accepted, cancellation);
        var creators = collections.Select(each => Address.Parse(each.Creator))
            .Append(Address.Parse(told.Signer)).Distinct().ToList();
        var block = await chain.BlockNumberAsync(cancellation);
        var book = await new ChainReader(chain, rpc, Say)
            .ReadAsync(CanonicalFactory.Address, creators, block, cancellation);

        findings.Expect(
            (ulong)told.ChainId == book.ChainId,
            "chain.differs",
            "minting",
            () => $"it mints on chain {told.ChainId}, and {addresses.Rpc.Authority} is chain {book.ChainId}");
        foreach (var collection in collections)
        {
            var made = book.Collections.GetValueOrDefault(Address.Parse(collection.Contract));
            findings.Expect(
                made is not null && made.CampaignId == IdOf(collection.Campaign),
                "collection.unknown",
                collection.Contract,
                () => $"minting names it for campaign {collection.Campaign}, and the factory logged "
                    + (made is null ? "no such collection" : $"it for campaign {made.CampaignId}"));
        }

        var campaigns = accepted.Campaigns.Select(IdOf).ToHashSet();
        foreach (var stranger in book.Collections.Values.Where(each => !campaigns.Contains(each.CampaignId)))
        {
            findings.Add(
                "collection.orphan",
                stranger.Contract.ToString(),
                $"{stranger.Creator} made it for campaign {stranger.CampaignId}, which campaigns does not know");
        }

        return book;
    }

    private static async Task<IReadOnlyList<CollectionInfo>> CollectionsAsync(
        Services services, AcceptedAssets accepted, CancellationToken cancellation)
    {
        var collections = new List<CollectionInfo>();
        foreach (var campaign in accepted.Campaigns)
        {
            try
            {
                collections.Add(await services.Minting.GetCollectionAsync(
                    new GetCollectionRequest { Campaign = campaign }, cancellationToken: cancellation));
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound)
            {
                // A campaign of which nothing was minted yet.
            }
        }

        return collections;
    }

    private static async Task<IReadOnlyDictionary<string, Batch>> ReadBatchesAsync(
        Services services, AcceptedAssets accepted, CancellationToken cancellation)
    {
        var batches = new Dictionary<string, Batch>(StringComparer.Ordinal);
        foreach (var campaign in accepted.Campaigns)
        {
            var listed = await services.Minting.ListBatchesAsync(
                new ListBatchesRequest { Campaign = campaign }, cancellationToken: cancellation);
            foreach (var batch in listed.Batches)
            {
                batches[batch.BatchId] = batch;
            }
        }

        return batches;
    }

    /// <summary>How the platform names a campaign on chain.</summary>
    private static Hash32 IdOf(string campaign) => Keccak.Hash256(Encoding.UTF8.GetBytes(campaign));
}
