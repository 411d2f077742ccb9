using System.Numerics;
using Platform.Chain;
using Platform.Chain.Contracts;

namespace Platform.Embedded;

/// <summary>Asks the chain about one token, all at one height.</summary>
internal sealed class ChainReading(IEthereum chain, TokenName token, ulong block)
{
    private const int BasisPoints = 10_000;

    private readonly BlockTag at = BlockTag.Number(block);

    /// <exception cref="UserErrorException">There is no such contract, collection or token.</exception>
    public static async Task<TokenOnChain> ReadAsync(IEthereum chain, TokenName token, CancellationToken cancellation)
    {
        var chainId = await chain.ChainIdAsync(cancellation);
        var block = await chain.BlockNumberAsync(cancellation);
        return await new ChainReading(chain, token, block).ReadAsync(chainId, cancellation);
    }

    /// <summary>Whether the collection itself finds the digest in its batch's root.</summary>
    public static async Task<bool> ProvesAsync(
        IEthereum chain, TokenName token, ulong block, Hash32 sha256, IReadOnlyList<Hash32> proof, CancellationToken cancellation) =>
        await new ChainReading(chain, token, block).TryAskAsync(
            token.Contract, CampaignCollection.VerifyCustody(token.Id, sha256, proof), cancellation) is (true, true);

    private async Task<TokenOnChain> ReadAsync(ulong chainId, CancellationToken cancellation)
    {
        if ((await chain.GetCodeAsync(token.Contract, at, cancellation)).IsEmpty)
        {
            throw new UserErrorException($"{token.Contract} is no contract on chain {chainId}.");
        }

        var collection = await CollectionAsync(cancellation);
        var batch = await BatchAsync(cancellation);
        var (minted, firstOwner) = await TryAskAsync(token.Contract, CampaignCollection.InitialOwnerOf(token.Id), cancellation);
        if (!minted || firstOwner.IsZero)
        {
            throw NotMinted($"its batch {token.Batch} has {batch.Count} tokens, and this would be one of index {token.Index}");
        }

        var (isHeld, holder) = await TryAskAsync(token.Contract, CampaignCollection.OwnerOf(token.Id), cancellation);
        var (hasUri, uri) = await TryAskAsync(token.Contract, CampaignCollection.TokenURI(token.Id), cancellation);
        var royalty = await AskAsync(CampaignCollection.RoyaltyInfo(token.Id, BasisPoints), cancellation);
        return new TokenOnChain
        {
            ChainId = chainId,
            Block = block,
            Collection = collection,
            Batch = batch,
            Holder = isHeld ? holder : null,
            FirstOwner = firstOwner,
            Uri = hasUri ? uri : null,
            RoyaltyReceiver = royalty.Receiver,
            RoyaltyBasisPoints = royalty.RoyaltyAmount,
        };
    }

    private async Task<CollectionOnChain> CollectionAsync(CancellationToken cancellation)
    {
        var factory = await AskAsync(CampaignCollection.Factory(), cancellation);
        var creator = await AskAsync(CampaignCollection.Creator(), cancellation);
        var campaign = await AskAsync(CampaignCollection.CampaignId(), cancellation);
        var isOfFactory = await TryAskAsync(factory, CampaignCollectionFactory.IsCollection(token.Contract), cancellation);
        var ofCampaign = await TryAskAsync(factory, CampaignCollectionFactory.CollectionOf(creator, campaign), cancellation);
        return new CollectionOnChain
        {
            Contract = token.Contract,
            Factory = factory,
            Creator = creator,
            CampaignId = campaign,
            Owner = await AskAsync(CampaignCollection.Owner(), cancellation),
            Name = await AskAsync(CampaignCollection.Name(), cancellation),
            Symbol = await AskAsync(CampaignCollection.Symbol(), cancellation),
            IsOfFactory = isOfFactory is (true, true),
            OfCampaign = ofCampaign.Answered ? ofCampaign.Value : null,
        };
    }

    private async Task<BatchOnChain> BatchAsync(CancellationToken cancellation)
    {
        var minted = await AskAsync(CampaignCollection.BatchCount(), cancellation);
        if (token.Batch >= BigInteger.Min(minted, uint.MaxValue))
        {
            throw NotMinted($"it would be of batch {token.Batch}, and there are {minted} batches, from 0");
        }

        var (id, metadata, root, count) = await AskAsync(CampaignCollection.Batch(token.Batch), cancellation);
        var ofId = await AskAsync(CampaignCollection.BatchOf(id), cancellation);
        // A collection creates nothing but batches, the first of them with nonce 1 (EIP-161).
        var data = Address.OfCreated(token.Contract, (ulong)token.Batch + 1);
        return new BatchOnChain
        {
            Number = token.Batch,
            Id = id,
            MetadataDigest = metadata,
            CustodyRoot = root,
            Count = count,
            NumberOfId = ofId.Minted ? ofId.Number : null,
            DataContract = data,
            Code = BatchCode.TryRead((await chain.GetCodeAsync(data, at, cancellation)).Span),
        };
    }

    private async Task<T> AskAsync<T>(ContractCall<T> call, CancellationToken cancellation)
    {
        var (answered, value) = await TryAskAsync(token.Contract, call, cancellation);
        return answered
            ? value!
            : throw new UserErrorException(
                $"{token.Contract} is a contract, but no collection of this platform: it has no answer to {call.Signature}.");
    }

    private async Task<(bool Answered, T? Value)> TryAskAsync<T>(
        Address contract, ContractCall<T> call, CancellationToken cancellation)
    {
        try
        {
            return (true, await chain.CallAsync(contract, call, at, cancellation));
        }
        catch (Exception refusal) when (refusal is ContractRevertedException or AbiException)
        {
            return (false, default);
        }
    }

    private UserErrorException NotMinted(string why) =>
        new($"Token {token.Id} of {token.Contract} was never minted: {why}.");
}
