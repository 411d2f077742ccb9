using System.Numerics;
using System.Security.Cryptography;
using Platform.Chain;
using Platform.Chain.Contracts;
using Platform.Chain.Local;

namespace Platform.RoyaltyIndexer.Tests;

/// <summary>Somebody who creates collections, mints, transfers and burns.</summary>
internal sealed class Issuer(Anvil anvil, EthereumKey key)
{
    private readonly EthereumClient chain = anvil.Chain;

    public Address Address => key.Address;

    public static async Task<Issuer> EnterAsync(Anvil anvil)
    {
        var issuer = new Issuer(anvil, EthereumKey.Create());
        await anvil.EndowAsync(issuer.Address);
        if ((await issuer.chain.GetCodeAsync(CanonicalFactory.Address, BlockTag.Latest, default)).IsEmpty)
        {
            await issuer.DoAsync(CanonicalFactory.Deployer, CanonicalFactory.DeploymentData);
        }

        return issuer;
    }

    public async Task<Address> CreateCollectionAsync(string campaign)
    {
        var call = CampaignCollectionFactory.CreateCollection(
            Keccak.Hash256(campaign), new(campaign, "TST", Address, Address, 500));
        var receipt = await DoAsync(CanonicalFactory.Address, call.Data);
        return receipt.Logs.Select(log => log.As<CampaignCollectionFactory.Events.CollectionCreated>()).Single(made => made is not null)!.Collection;
    }

    /// <summary>Mints one token to itself and the rest to strangers; returns the ids, its own first.</summary>
    public async Task<IReadOnlyList<BigInteger>> MintAsync(Address collection, int tokens = 1)
    {
        var receipt = await DoAsync(collection, await MintDataAsync(collection, tokens));
        return [.. receipt.Logs.Select(log => log.As<CampaignCollection.Events.Transfer>()).OfType<CampaignCollection.Events.Transfer>()
            .OrderByDescending(transfer => transfer.To == Address).Select(transfer => transfer.TokenId)];
    }

    public async Task<ReadOnlyMemory<byte>> MintDataAsync(Address collection, int tokens)
    {
        var number = await chain.CallAsync(collection, CampaignCollection.BatchCount(), BlockTag.Latest, default);
        Address[] recipients = [.. Enumerable.Range(1, tokens - 1).Select(_ => AStranger()).Append(Address).Order()];
        return CampaignCollection.MintBatch(
            new Hash32(RandomNumberGenerator.GetBytes(32)), number, Keccak.Hash256("metadata"), Keccak.Hash256("custody"),
            recipients.SelectMany(recipient => recipient.ToArray()).ToArray()).Data;
    }

    public Task<Receipt> GiveAsync(Address collection, BigInteger token, Address to) =>
        DoAsync(collection, CampaignCollection.TransferFrom(Address, to, token).Data);

    public Task<Receipt> BurnAsync(Address collection, BigInteger token) =>
        DoAsync(collection, CampaignCollection.Burn(token).Data);

    public async Task<Receipt> DoAsync(Address to, ReadOnlyMemory<byte> data)
    {
        var receipt = await ReceiptAsync(await SendAsync(to, data));
        Assert.True(receipt.Success);
        return receipt;
    }

    /// <summary>Hands a transaction to the node, which puts it into a block when it is told to.</summary>
    public async Task<Hash32> SendAsync(Address to, ReadOnlyMemory<byte> data)
    {
        var fees = await chain.SuggestFeesAsync(null, default);
        var signed = new Eip1559Transaction
        {
            ChainId = 31337,
            Nonce = await chain.GetTransactionCountAsync(Address, BlockTag.Pending, default),
            MaxPriorityFeePerGas = fees.MaxPriorityFeePerGas,
            MaxFeePerGas = fees.MaxFeePerGas,
            GasLimit = 12_000_000,
            To = to,
            Data = data,
        }.Sign(key);
        var sent = await chain.SendRawTransactionAsync(signed.Raw, default);
        Assert.True(sent.IsInPool, sent.NodesMessage);
        return signed.Hash;
    }

    public async Task<Receipt> ReceiptAsync(Hash32 hash)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (await chain.GetReceiptAsync(hash, deadline.Token) is { } receipt)
            {
                return receipt;
            }

            await Task.Delay(10, deadline.Token); // the node mines at once, but not before it answers
        }
    }

    public static Address AStranger() => new(RandomNumberGenerator.GetBytes(Address.Length));
}
