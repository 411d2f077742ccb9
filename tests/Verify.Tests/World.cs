using System.Text;
using Platform.Chain;
using Platform.Chain.Contracts;
using Platform.Embedded;
using CollectionConfig = Platform.Chain.Contracts.CampaignCollectionFactory.CollectionConfig;

namespace Platform.Verify.Tests;

/// <summary>A minted batch on a real chain, and a gateway that has its blocks.</summary>
internal sealed class World : IAsyncDisposable
{
    private readonly LocalChain chain;

    private World(LocalChain chain, Draft draft, WrittenBatch batch, Address contract, LocalGateway gateway)
    {
        this.chain = chain;
        Draft = draft;
        Batch = batch;
        Contract = contract;
        Gateway = gateway;
    }

    public Draft Draft { get; }

    public WrittenBatch Batch { get; }

    public Address Contract { get; }

    public LocalGateway Gateway { get; }

    public static async Task<World> MintAsync(
        LocalChain chain, Draft? draft = null, Address? factory = null, string name = "Tram Souvenirs")
    {
        draft ??= new Draft();
        var batch = draft.Write();
        var campaign = Keccak.Hash256(Encoding.UTF8.GetBytes(draft.Campaign));
        var maker = factory ?? CanonicalFactory.Address;
        await chain.SendAsync(maker, CampaignCollectionFactory.CreateCollection(
            campaign, new CollectionConfig(name, "TRAM", LocalChain.Rich.Address, LocalChain.Rich.Address, 250)).Data);
        var contract = await chain.Ethereum.CallAsync(
            maker, CampaignCollectionFactory.CollectionOf(LocalChain.Rich.Address, campaign), BlockTag.Latest, CancellationToken.None);
        await chain.SendAsync(contract, CampaignCollection.MintBatch(
            batch.BatchId, 0, new Hash32(batch.Metadata.Digest), batch.CustodyRoot,
            (byte[])[.. draft.Recipients.SelectMany(recipient => recipient.ToArray())]).Data);

        var gateway = new LocalGateway();
        await gateway.StartAsync();
        foreach (var block in batch.Blocks)
        {
            gateway.Add(block);
        }

        return new World(chain, draft, batch, contract, gateway);
    }

    public string NameOf(int index) => $"{Contract}/{index}";

    public VerifyOptions Options(int index = 2) => new()
    {
        Token = NameOf(index),
        Rpc = chain.Rpc.AbsoluteUri,
        Gateway = Gateway.Address.AbsoluteUri,
    };

    public async Task<Verification> VerifyAsync(int index = 2, bool deep = false, Uri? rpc = null, Address? factory = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler());
        var verifier = new TokenVerifier(
            new EthereumClient(new JsonRpcClient(http, rpc ?? chain.Rpc)),
            new GatewayBlocks(http, Gateway.Address, TimeProvider.System))
        {
            IsDeep = deep,
            Factory = factory ?? CanonicalFactory.Address,
        };
        return await verifier.VerifyAsync(TokenName.Parse(NameOf(index)), TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();
}

internal static class Expecting
{
    extension(Verification verification)
    {
        /// <summary>Exactly these lines do not hold.</summary>
        public Verification Breaks(params string[] names)
        {
            Assert.Equal(names, verification.Lines.Where(line => line.Holds == false).Select(line => line.Name));
            return verification;
        }

        /// <summary>Exactly these lines are not checked, and say so.</summary>
        public Verification LeavesOpen(params string[] names)
        {
            var open = verification.Lines.Where(line => line.Holds is null).ToList();
            Assert.Equal(names, open.Select(line => line.Name));
            Assert.All(open, line => Assert.StartsWith("not checked: ", line.Detail));
            return verification;
        }

        public string Detail(string name) => verification.Lines.Single(line => line.Name == name).Detail;
    }
}
