using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Chain.Contracts;
using Platform.Content;
using Platform.Grpc.Campaigns;
using Platform.Mongo;

namespace Platform.Minting;

/// <summary>Decides what is signed next, records it, and leaves the sending to the loop.</summary>
/// <remarks>
/// One at a time: the number a batch is to get and the collection it goes to are the chain's own answers, never a guess
/// about what is still under way. A batch that cannot be signed waits, and holds up no other campaign's.
/// </remarks>
internal sealed partial class NextTransaction(
    IEthereum chain,
    Signer signer,
    Transactions transactions,
    Collections collections,
    MintBatches batches,
    MintOrders orders,
    CampaignVersions campaigns,
    IOptions<MintingOptions> options,
    TimeProvider clock,
    ILogger<NextTransaction> logger)
{
    // Why a batch waits, as it was last said: said once, not in every round.
    private readonly Dictionary<string, string> waiting = [];

    public Address Factory { get; } = options.Value.Factory.Length == 0
        ? CanonicalFactory.Address
        : Address.Parse(options.Value.Factory);

    /// <summary>The id under which a campaign's collection is found on chain: Keccak-256 of its name.</summary>
    public static Hash32 CampaignId(string campaign) => Keccak.Hash256(Encoding.UTF8.GetBytes(campaign));

    /// <summary>Signs and records the next transaction; null when there is nothing to sign.</summary>
    public async Task<ChainTransaction?> SignAsync(
        ulong chainId, long nonce, Lease lease, CancellationToken cancellation)
    {
        foreach (var (id, batch) in await batches.InStateAsync<MintBatch.Pinned>(cancellation))
        {
            if ((await transactions.OfAsync(id, cancellation)).LastOrDefault(each => !each.IsSpent) is { } carrying)
            {
                // A crash came between the record and the batch's own note of it.
                await NoteSignedAsync(id, carrying, lease, cancellation);
                continue;
            }

            try
            {
                if (await ComposeAsync(id, batch, chainId, lease, cancellation) is { } deed)
                {
                    var transaction = await RecordAsync(deed, chainId, nonce, lease, cancellation);
                    waiting.Remove(id);
                    return transaction;
                }
            }
            catch (Exception refusal)
                when (refusal is RecordsMissingException or CannotSignException or ContractRevertedException or RpcException)
            {
                NoteWaiting(id, batch.Seal.Campaign, refusal);
            }
        }

        return null;
    }

    /// <summary>Signs a transaction that does nothing, for a nonce without which later ones would wait for ever.</summary>
    public Task<ChainTransaction?> FillGapAsync(
        ulong chainId, long nonce, Lease lease, CancellationToken cancellation) =>
        RecordAsync(
            new Deed(Purpose.FillGap, $"nonce:{nonce}", null, signer.Address, ReadOnlyMemory<byte>.Empty),
            chainId, nonce, lease, cancellation);

    private async Task<Deed?> ComposeAsync(
        string id, MintBatch.Pinned batch, ulong chainId, Lease lease, CancellationToken cancellation)
    {
        if ((await chain.GetCodeAsync(Factory, BlockTag.Latest, cancellation)).IsEmpty)
        {
            return new Deed(
                Purpose.DeployFactory, "factory", null, CanonicalFactory.Deployer, CanonicalFactory.DeploymentData);
        }

        var contract = await chain.CallAsync(
            Factory,
            CampaignCollectionFactory.CollectionOf(signer.Address, CampaignId(batch.Seal.Campaign)),
            BlockTag.Latest,
            cancellation);
        return contract.IsZero
            ? await ComposeCreationAsync(batch, cancellation)
            : await ComposeMintAsync(id, batch, contract, chainId, lease, cancellation);
    }

    private async Task<Deed> ComposeCreationAsync(MintBatch.Pinned batch, CancellationToken cancellation)
    {
        var members = await orders.FindAsync(batch.Seal.Members!, cancellation);
        var version = members.Values.Max(order => order.CampaignVersion);
        var definition = await campaigns.GetAsync(batch.Seal.Campaign, version, cancellation);
        var call = CampaignCollectionFactory.CreateCollection(
            CampaignId(batch.Seal.Campaign),
            new(
                definition.Collection.Name,
                definition.Collection.Symbol,
                signer.Address,
                Address.Parse(definition.Royalty.Receiver),
                (ulong)definition.Royalty.BasisPoints));
        return new Deed(Purpose.CreateCollection, $"collection:{batch.Seal.Campaign}", null, Factory, call.Data);
    }

    private async Task<Deed?> ComposeMintAsync(
        string id, MintBatch.Pinned batch, Address contract, ulong chainId, Lease lease, CancellationToken cancellation)
    {
        await collections.KeepAsync(
            new MintCollection
            {
                Id = batch.Seal.Campaign,
                Contract = contract.ToString(),
                Factory = Factory.ToString(),
                Creator = signer.Address.ToString(),
                ChainId = (long)chainId,
            },
            cancellation);

        if (await chain.CallAsync(contract, CampaignCollection.BatchOf(Hash32.Parse(id)), BlockTag.Latest, cancellation)
            is { Minted: true } there)
        {
            await NoteFoundAsync(id, contract, (long)there.Number, lease, cancellation);
            return null;
        }

        var number = (long)await chain.CallAsync(contract, CampaignCollection.BatchCount(), BlockTag.Latest, cancellation);
        await EnsureRecordsAgreeAsync(batch.Seal.Campaign, contract, number, cancellation);
        var call = CampaignCollection.MintBatch(
            Hash32.Parse(id),
            number,
            new Hash32(Cid.Parse(batch.Directories.MetadataCid).Digest),
            Hash32.Parse(batch.Directories.CustodyRoot),
            Pack(batch.Seal.Recipients));
        return new Deed(Purpose.MintBatch, id, number, contract, call.Data);
    }

    /// <summary>The batch is on chain although its transaction was refused, on a fork that is gone: nothing is signed.</summary>
    private async Task NoteFoundAsync(
        string id, Address contract, long number, Lease lease, CancellationToken cancellation)
    {
        var carrier = (await transactions.OfAsync(id, cancellation)).LastOrDefault(each => each.Number == number)
            ?? throw new RecordsMissingException(
                $"Collection {contract} has batch {id} as its number {number}, and no transaction for it is recorded here: "
                + "it is not signed again. Restore the database that belongs to this chain.");
        await NoteSignedAsync(id, carrier, lease, cancellation);
    }

    /// <summary>A lost database must not mint twice what the chain has already, and a node that is behind has no say.</summary>
    private async Task EnsureRecordsAgreeAsync(string campaign, Address contract, long onChain, CancellationToken cancellation)
    {
        var recorded = await batches.CountNumberedAsync(campaign, cancellation);
        if (onChain > recorded)
        {
            throw new RecordsMissingException(
                $"Collection {contract} of {campaign} has {onChain} batches on chain, and {recorded} are recorded here: "
                + "nothing is signed for it, since its assets may be minted already. Restore the database that belongs to this chain.");
        }

        if (onChain < recorded)
        {
            throw new CannotSignException(
                $"the node knows {onChain} batches of collection {contract}, and {recorded} were sent; the next waits for them.");
        }
    }

    private Task NoteSignedAsync(string id, ChainTransaction carrier, Lease lease, CancellationToken cancellation) =>
        batches.ChangeAsync(
            id,
            current => current is MintBatch.Pinned pinned
                ? pinned.Sign(carrier.Number!.Value, carrier.Newest().Hash)
                : current,
            lease,
            cancellation);

    private async Task<ChainTransaction?> RecordAsync(
        Deed deed, ulong chainId, long nonce, Lease lease, CancellationToken cancellation)
    {
        var unsigned = await PriceAsync(deed, chainId, nonce, cancellation);
        lease.EnsureHeld();
        var queued = await transactions.ReserveAsync(
            new ChainTransaction
            {
                Id = ChainTransaction.IdOf(signer.Address.ToString(), nonce),
                Signer = signer.Address.ToString(),
                Nonce = nonce,
                ChainId = (long)chainId,
                State = TransactionState.Queued,
                SignedAt = clock.GetUtcNow(),
            },
            lease,
            cancellation);
        if (queued is null)
        {
            return null; // Another signed with it: the next round sees what.
        }

        var signed = signer.Sign(unsigned);
        var now = clock.GetUtcNow();
        var transaction = queued with
        {
            State = TransactionState.Signed,
            Purpose = deed.Purpose,
            Subject = deed.Subject,
            Number = deed.Number,
            Attempts = [new Attempt { Hash = signed.Hash.ToString(), Raw = signed.Raw.ToArray(), SignedAt = now }],
            SignedAt = now,
        };
        await transactions.FillAsync(transaction, lease, cancellation);
        LogSigned(deed.Purpose, deed.Subject, signed.Hash.ToString(), nonce);
        if (deed.Purpose == Purpose.MintBatch)
        {
            await NoteSignedAsync(deed.Subject, transaction, lease, cancellation);
        }

        return transaction;
    }

    /// <summary>Asks what it needs and what it must offer, and whether the signer has as much.</summary>
    private async Task<Eip1559Transaction> PriceAsync(
        Deed deed, ulong chainId, long nonce, CancellationToken cancellation)
    {
        ulong gas;
        try
        {
            gas = await chain.EstimateGasAsync(
                new CallRequest { From = signer.Address, To = deed.To, Data = deed.Data }, cancellation);
        }
        catch (JsonRpcException refusal) when (!refusal.IsRateLimit)
        {
            throw new CannotSignException($"the node would not estimate its gas: {refusal.NodesMessage}");
        }

        var (tip, max) = Fees.Offer(await chain.SuggestFeesAsync(null, cancellation), options.Value);
        var unsigned = new Eip1559Transaction
        {
            ChainId = chainId,
            Nonce = (ulong)nonce,
            MaxPriorityFeePerGas = tip,
            MaxFeePerGas = max,
            GasLimit = gas + (gas / 5), // what the estimate may miss by the time it is mined
            To = deed.To,
            Data = deed.Data,
        };
        var balance = await chain.GetBalanceAsync(signer.Address, BlockTag.Latest, cancellation);
        return balance >= unsigned.MaxCost()
            ? unsigned
            : throw new CannotSignException(
                $"the signer {signer.Address} has {balance} wei and may need {unsigned.MaxCost()} for one transaction: send it ether.")
            {
                Kind = "balance", // the sum differs from round to round, and is said once
            };
    }

    private void NoteWaiting(string id, string campaign, Exception refusal)
    {
        var kind = (refusal as CannotSignException)?.Kind ?? refusal.Message;
        if (waiting.GetValueOrDefault(id) == kind)
        {
            return;
        }

        waiting[id] = kind;
        if (refusal is CannotSignException { Kind: null })
        {
            LogDelayed(id, campaign, refusal.Message);
        }
        else
        {
            LogWaiting(id, campaign, refusal.Message);
        }
    }

    private static byte[] Pack(IReadOnlyList<string> recipients)
    {
        var packed = new byte[Address.Length * recipients.Count];
        for (var index = 0; index < recipients.Count; index++)
        {
            Address.Parse(recipients[index]).WriteTo(packed.AsSpan(Address.Length * index, Address.Length));
        }

        return packed;
    }

    [LoggerMessage(1, LogLevel.Information, "Signed {Purpose} of {Subject} as {Hash} with nonce {Nonce}")]
    private partial void LogSigned(Purpose purpose, string subject, string hash, long nonce);

    [LoggerMessage(2, LogLevel.Error, "Batch {BatchId} of {Campaign} is not signed: {Reason}")]
    private partial void LogWaiting(string batchId, string campaign, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Batch {BatchId} of {Campaign} is not signed yet: {Reason}")]
    private partial void LogDelayed(string batchId, string campaign, string reason);

    /// <summary>What a transaction is to do.</summary>
    private sealed record Deed(Purpose Purpose, string Subject, long? Number, Address To, ReadOnlyMemory<byte> Data);
}

/// <summary>Nothing can be signed for now, and nobody is to blame.</summary>
internal sealed class CannotSignException(string message) : Exception(message)
{
    /// <summary>What is said once, where the message differs each time; such a thing needs a person.</summary>
    public string? Kind { get; init; }
}

/// <summary>The chain has batches of a collection that this database knows nothing of.</summary>
internal sealed class RecordsMissingException(string message) : Exception(message);
