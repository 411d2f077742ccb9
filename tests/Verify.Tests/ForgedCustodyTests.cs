using System.Text;
using System.Text.Json.Nodes;
using Platform.Chain;
using Platform.Chain.Contracts;

namespace Platform.Verify.Tests;

/// <summary>Custody record, recipient and root forged: named, and nothing else.</summary>
public sealed class ForgedCustodyTests(LocalChain chain)
{
    [Fact]
    public async Task A_custody_record_changed_by_the_gateway_breaks_the_custody()
    {
        await using var world = await World.MintAsync(chain);
        world.Gateway.Tamper(world.Batch.CustodyFiles[2]);

        (await world.VerifyAsync()).Breaks("custody").LeavesOpen("recipient", "image", "provenance");
    }

    [Fact]
    public async Task A_custody_directory_changed_by_the_gateway_breaks_the_custody()
    {
        await using var world = await World.MintAsync(chain);
        world.Gateway.Tamper(world.Batch.Custody);

        (await world.VerifyAsync()).Breaks("custody").LeavesOpen("recipient", "image", "merkle", "provenance");
    }

    [Fact]
    public async Task A_custody_record_pinned_anew_after_the_root_was_taken_breaks_the_root()
    {
        await using var world = await World.MintAsync(
            chain, new Draft { LateRecord = Forge.Only(2, record => record["prompt"]!["digest"] = new string('0', 64)) });

        (await world.VerifyAsync()).Breaks("merkle").LeavesOpen();
    }

    [Fact]
    public async Task A_neighbours_record_pinned_anew_breaks_the_root_of_all()
    {
        await using var world = await World.MintAsync(
            chain, new Draft { LateRecord = Forge.Only(3, record => record["prompt"]!["digest"] = new string('0', 64)) });

        (await world.VerifyAsync()).Breaks("merkle").LeavesOpen();
    }

    [Theory]
    [InlineData("batch", "index", 3)]
    [InlineData("batch", "id", "0x00")]
    [InlineData("campaign", "name", "another")]
    [InlineData("rights", "licence", "CC0-1.0")]
    [InlineData("rights", "usageTermsSha256", "00")]
    [InlineData("asset", "mediaType", "image/gif")]
    public async Task A_custody_record_that_is_not_this_tokens_breaks_the_custody(string part, string field, object value)
    {
        await using var world = await World.MintAsync(chain, new Draft
        {
            Record = Forge.Only(2, record => record[part]![field] = JsonValue.Create(value)),
        });

        (await world.VerifyAsync()).Breaks("custody").LeavesOpen();
    }

    [Fact]
    public async Task A_custody_record_with_a_space_in_it_breaks_the_custody()
    {
        await using var world = await World.MintAsync(
            chain, new Draft { WriteRecord = record => [.. Encoding.UTF8.GetBytes(record.ToJsonString()), (byte)'\n'] });

        var verification = (await world.VerifyAsync()).Breaks("custody").LeavesOpen();

        Assert.Contains("RFC 8785", verification.Detail("custody"));
    }

    [Fact]
    public async Task A_record_made_out_to_somebody_else_breaks_the_recipient()
    {
        await using var world = await World.MintAsync(
            chain, new Draft { Record = Forge.Only(2, record => record["recipient"] = LocalChain.Rich.Address.ToString()) });

        (await world.VerifyAsync()).Breaks("recipient").LeavesOpen();
    }

    [Fact]
    public async Task A_node_that_names_another_first_owner_breaks_the_recipient()
    {
        await using var world = await World.MintAsync(chain);
        await using var node = new LyingNode(
            chain.Rpc, CampaignCollection.InitialOwnerOf(0), (byte[])[.. new byte[12], .. LocalChain.Rich.Address.ToArray()]);
        await node.StartAsync();

        (await world.VerifyAsync(rpc: node.Address)).Breaks("recipient").LeavesOpen();
    }

    [Fact]
    public async Task A_batch_minted_with_another_root_breaks_the_root()
    {
        await using var world = await World.MintAsync(chain, new Draft { Root = _ => Keccak.Hash256("another root") });

        (await world.VerifyAsync()).Breaks("merkle").LeavesOpen();
    }

    [Fact]
    public async Task A_node_that_counts_more_tokens_than_the_data_contract_has_breaks_batch_and_root()
    {
        await using var world = await World.MintAsync(chain);
        var lie = (byte[])
        [
            .. world.Batch.BatchId.ToArray(), .. world.Batch.Metadata.Digest, .. world.Batch.CustodyRoot.ToArray(),
            .. new byte[31], 6,
        ];
        await using var node = new LyingNode(chain.Rpc, CampaignCollection.Batch(0), lie);
        await node.StartAsync();

        (await world.VerifyAsync(rpc: node.Address)).Breaks("merkle", "batch").LeavesOpen();
    }
}
