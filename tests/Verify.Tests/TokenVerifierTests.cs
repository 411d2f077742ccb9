using Platform.Chain;
using Platform.Chain.Contracts;

namespace Platform.Verify.Tests;

/// <summary>Real tokens on a real chain, as they were minted and as they fared since.</summary>
public sealed class TokenVerifierTests(LocalChain chain)
{
    private static readonly string[] AllLines =
        ["collection", "token", "recipient", "metadata", "image", "custody", "merkle", "batch", "provenance"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_line_of_every_token_holds_as_it_was_minted(bool sharded)
    {
        await using var world = await World.MintAsync(chain, new Draft { IsSharded = sharded });

        for (var index = 0; index < world.Draft.Count; index++)
        {
            var verification = await world.VerifyAsync(index, deep: true);

            Assert.Equal(AllLines, verification.Lines.Select(line => line.Name));
            verification.Breaks().LeavesOpen();
            Assert.True(verification.Holds);
        }
    }

    [Fact]
    public async Task A_batch_id_that_is_not_of_its_assets_is_found_when_all_records_are_read()
    {
        await using var world = await World.MintAsync(chain, new Draft { BatchId = _ => Keccak.Hash256("another batch") });

        (await world.VerifyAsync(deep: true)).Breaks("batch").LeavesOpen();
        (await world.VerifyAsync()).Breaks().LeavesOpen();
    }

    [Fact]
    public async Task A_collection_of_a_strangers_factory_breaks_the_collection_unless_that_factory_is_named()
    {
        var deployed = await chain.SendAsync(null, CampaignCollectionFactory.Deploy());
        var stranger = deployed.ContractAddress!.Value;
        await using var world = await World.MintAsync(chain, factory: stranger);

        (await world.VerifyAsync()).Breaks("collection").LeavesOpen();
        (await world.VerifyAsync(factory: stranger)).Breaks().LeavesOpen();
    }

    [Fact]
    public async Task A_decision_that_refuses_breaks_the_provenance()
    {
        await using var world = await World.MintAsync(
            chain, new Draft { Record = Forge.Only(2, record => record["decisions"]![0]!["verdict"] = "rejected") });

        (await world.VerifyAsync()).Breaks("provenance").LeavesOpen();
    }

    [Fact]
    public async Task A_token_that_moved_holds_and_tells_both_owners()
    {
        await using var world = await World.MintAsync(chain);
        var first = world.Draft.Recipients[2];
        await chain.SendAsAsync(first, world.Contract, CampaignCollection.TransferFrom(first, LocalChain.Rich.Address, 2));

        var verification = (await world.VerifyAsync()).Breaks().LeavesOpen();

        Assert.Equal($"owned by {LocalChain.Rich.Address}; its first owner was {first}", verification.Detail("token"));
    }

    [Fact]
    public async Task A_burned_token_breaks_the_token_and_its_past_still_holds()
    {
        await using var world = await World.MintAsync(chain);
        await chain.SendAsAsync(world.Draft.Recipients[2], world.Contract, CampaignCollection.Burn(2));

        (await world.VerifyAsync()).Breaks("token").LeavesOpen();
    }

    [Fact]
    public async Task Revised_metadata_holds_and_says_that_it_was_revised()
    {
        await using var world = await World.MintAsync(chain);
        var revised = (world.Draft with { Metadata = (_, metadata) => metadata["name"] = "Better" }).Write();
        foreach (var block in revised.Blocks)
        {
            world.Gateway.Add(block);
        }

        await chain.SendAsync(world.Contract, CampaignCollection.ReviseBatch(0, new Hash32(revised.Metadata.Digest)).Data);

        var verification = (await world.VerifyAsync(deep: true)).Breaks().LeavesOpen();

        Assert.Contains("revised", verification.Detail("metadata"));
    }

    [Fact]
    public async Task A_block_that_the_gateway_lost_breaks_its_line()
    {
        await using var world = await World.MintAsync(chain);
        world.Gateway.Forget(world.Batch.Images[2]);

        var verification = (await world.VerifyAsync()).Breaks("image").LeavesOpen();

        Assert.Contains(world.Batch.Images[2].ToString(), verification.Detail("image"));
    }
}
