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
    public async Task<ChainTransaction?> SignAsync(ulong chainId, long nonce, CancellationToken cancellation)
    {
        foreach (var (id, batch) in await batches.InStateAsync<MintBatch.Pinned>(cancellation))
        {
            if (await transactions.CarryingAsync(id, cancellation) is { Number: { } number } carrying)
            {
                // A crash came between the record and the batch's own note of it.
                await NoteSignedAsync(id, number, carrying.Id, cancellation);
                continue;
            }

            if ((await chain.GetCodeAsync(Factory, BlockTag.Latest, cancellation)).IsEmpty)
            {
                return await RecordAsync(Purpose.DeployFactory, "factory", null, CanonicalFactory.Deployer,
                    CanonicalFactory.DeploymentData, chainId, nonce, cancellation);
            }

            try
            {
                return await SignAsync(id, batch, chainId, nonce, cancellation);
            }
            catch (Exception refusal)
                when (refusal is RecordsMissingException or ContractRevertedException or RpcException)
            {
                if (waiting.GetValueOrDefault(id) != refusal.Message)
                {
                    waiting[id] = refusal.Message;
                    LogWaiting(id, batch.Seal.Campaign, refusal.Message);
                }
            }
        }

        return null;
    }

    private async Task<ChainTransaction> SignAsync(
        string id, MintBatch.Pinned batch, ulong chainId, long nonce, CancellationToken cancellation)
    {
        var contract = await chain.CallAsync(
            Factory,
            CampaignCollectionFactory.CollectionOf(signer.Address, CampaignId(batch.Seal.Campaign)),
            BlockTag.Latest,
            cancellation);
        return contract.IsZero
            ? await SignCreationAsync(batch, chainId, nonce, cancellation)
            : await SignMintAsync(id, batch, contract, chainId, nonce, cancellation);
    }

    private async Task<ChainTransaction> SignCreationAsync(
        MintBatch.Pinned batch, ulong chainId, long nonce, CancellationToken cancellation)
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
        LogCreating(batch.Seal.Campaign);
        return await RecordAsync(
            Purpose.CreateCollection, $"collection:{batch.Seal.Campaign}", null, Factory, call.Data, chainId, nonce, cancellation);
    }

    private async Task<ChainTransaction> SignMintAsync(
        string id, MintBatch.Pinned batch, Address contract, ulong chainId, long nonce, CancellationToken cancellation)
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

        var number = (long)await chain.CallAsync(contract, CampaignCollection.BatchCount(), BlockTag.Latest, cancellation);
        await EnsureRecordsReachAsync(batch.Seal.Campaign, contract, number, cancellation);
        var call = CampaignCollection.MintBatch(
            Hash32.Parse(id),
            number,
            new Hash32(Cid.Parse(batch.Directories.MetadataCid).Digest),
            Hash32.Parse(batch.Directories.CustodyRoot),
            Pack(batch.Seal.Recipients));
        var transaction = await RecordAsync(Purpose.MintBatch, id, number, contract, call.Data, chainId, nonce, cancellation);
        await NoteSignedAsync(id, number, transaction.Id, cancellation);
        return transaction;
    }

    /// <summary>A lost database must not mint twice what the chain has already.</summary>
    private async Task EnsureRecordsReachAsync(string campaign, Address contract, long onChain, CancellationToken cancellation)
    {
        var recorded = (await batches.OfCampaignAsync(campaign, cancellation))
            .Count(each => each.Batch is MintBatch.Included or MintBatch.Final);
        if (onChain > recorded)
        {
            throw new RecordsMissingException(
                $"Collection {contract} of {campaign} has {onChain} batches on chain, and {recorded} are recorded here: "
                + "nothing is signed for it, since its assets may be minted already. Restore the database that belongs to this chain.");
        }
    }

    private Task NoteSignedAsync(string id, long number, string hash, CancellationToken cancellation) =>
        batches.Documents.DecideAsync(
            id,
            current => new Decision<MintBatch>(current switch
            {
                MintBatch.Pinned pinned => pinned.Sign(number, hash),
                null => throw new UnknownBatchException(id),
                var further => further,
            }),
            cancellation);

    private async Task<ChainTransaction> RecordAsync(
        Purpose purpose,
        string subject,
        long? number,
        Address to,
        ReadOnlyMemory<byte> data,
        ulong chainId,
        long nonce,
        CancellationToken cancellation)
    {
        var gas = await chain.EstimateGasAsync(new CallRequest { From = signer.Address, To = to, Data = data }, cancellation);
        var fees = await chain.SuggestFeesAsync(null, cancellation);
        var leastMaxFee = Wei.FromGwei(options.Value.LeastMaxFeeGwei);
        var signed = signer.Sign(new Eip1559Transaction
        {
            ChainId = chainId,
            Nonce = (ulong)nonce,
            MaxPriorityFeePerGas = fees.MaxPriorityFeePerGas,
            MaxFeePerGas = fees.MaxFeePerGas > leastMaxFee ? fees.MaxFeePerGas : leastMaxFee,
            GasLimit = gas + (gas / 5), // what the estimate may miss by the time it is mined
            To = to,
            Data = data,
        });
        var transaction = new ChainTransaction
        {
            Id = signed.Hash.ToString(),
            Signer = signer.Address.ToString(),
            Nonce = nonce,
            ChainId = (long)chainId,
            Raw = signed.Raw.ToArray(),
            Purpose = purpose,
            Subject = subject,
            Number = number,
            State = TransactionState.Signed,
            SignedAt = clock.GetUtcNow(),
        };
        await transactions.AddAsync(transaction, cancellation);
        LogSigned(purpose, subject, transaction.Id, nonce);
        return transaction;
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

    [LoggerMessage(1, LogLevel.Information, "Creating the collection of campaign {Campaign}")]
    private partial void LogCreating(string campaign);

    [LoggerMessage(2, LogLevel.Information, "Signed {Purpose} of {Subject} as {Hash} with nonce {Nonce}")]
    private partial void LogSigned(Purpose purpose, string subject, string hash, long nonce);

    [LoggerMessage(3, LogLevel.Error, "Batch {BatchId} of {Campaign} is not signed: {Reason}")]
    private partial void LogWaiting(string batchId, string campaign, string reason);
}

/// <summary>The chain has batches of a collection that this database knows nothing of.</summary>
internal sealed class RecordsMissingException(string message) : Exception(message);
