using System.Text;
using System.Text.Json.Nodes;
using Platform.Chain;
using Platform.Chain.Contracts;

namespace Platform.Verify.Tests;

/// <summary>Real tokens on a real chain; what is forged must be named, and nothing else.</summary>
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
    public async Task An_image_byte_changed_by_the_gateway_breaks_the_image()
    {
        await using var world = await World.MintAsync(chain);
        world.Gateway.Tamper(world.Batch.Images[2]);

        (await world.VerifyAsync()).Breaks("image").LeavesOpen();
        (await world.VerifyAsync(1)).Breaks().LeavesOpen();
    }

    [Fact]
    public async Task A_byte_deep_in_a_large_image_breaks_the_image()
    {
        await using var world = await World.MintAsync(chain);
        var leaf = world.Batch.Blocks.Last(block => block.Data.Length is > 400_000 and < 1_000_000);
        world.Gateway.Tamper(leaf.Cid);

        (await world.VerifyAsync(4)).Breaks("image").LeavesOpen();
    }

    [Fact]
    public async Task Another_image_that_was_minted_so_breaks_the_image()
    {
        var honest = new Draft();
        var other = $"ipfs://{honest.Write().Images[1]}";
        await using var world = await World.MintAsync(
            chain, honest with { Metadata = Only(2, metadata => metadata["image"] = other) });

        (await world.VerifyAsync()).Breaks("image").LeavesOpen();
    }

    [Fact]
    public async Task Metadata_changed_by_the_gateway_breaks_the_metadata_and_leaves_open_what_it_leads_to()
    {
        await using var world = await World.MintAsync(chain);
        world.Gateway.Tamper(world.Batch.MetadataFiles[2]);

        (await world.VerifyAsync()).Breaks("metadata")
            .LeavesOpen("recipient", "image", "custody", "merkle", "provenance");
    }

    [Fact]
    public async Task A_metadata_directory_changed_by_the_gateway_breaks_the_metadata()
    {
        await using var world = await World.MintAsync(chain);
        world.Gateway.Tamper(world.Batch.Metadata);

        (await world.VerifyAsync()).Breaks("metadata");
    }

    [Theory]
    [InlineData("name")]
    [InlineData("image")]
    [InlineData("custody")]
    public async Task Metadata_minted_without_what_it_must_have_breaks_the_metadata(string missing)
    {
        await using var world = await World.MintAsync(
            chain, new Draft { Metadata = Only(2, metadata => metadata.Remove(missing)) });

        var verification = (await world.VerifyAsync()).Breaks("metadata");

        Assert.Contains($"'{missing}'", verification.Detail("metadata"));
    }

    [Fact]
    public async Task A_token_uri_that_leads_elsewhere_breaks_the_metadata()
    {
        await using var world = await World.MintAsync(chain);
        var lie = Encode($"ipfs://{world.Batch.Custody}/2.json");
        await using var node = new LyingNode(chain.Rpc, CampaignCollection.TokenURI(0), lie);
        await node.StartAsync();

        (await world.VerifyAsync(rpc: node.Address)).Breaks("metadata").LeavesOpen();
    }

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
            chain, new Draft { LateRecord = Only(2, record => record["prompt"]!["digest"] = new string('0', 64)) });

        (await world.VerifyAsync()).Breaks("merkle").LeavesOpen();
    }

    [Fact]
    public async Task A_neighbours_record_pinned_anew_breaks_the_root_of_all()
    {
        await using var world = await World.MintAsync(
            chain, new Draft { LateRecord = Only(3, record => record["prompt"]!["digest"] = new string('0', 64)) });

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
            Record = Only(2, record => record[part]![field] = JsonValue.Create(value)),
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
    public async Task Metadata_with_another_records_digest_breaks_the_custody()
    {
        await using var world = await World.MintAsync(
            chain, new Draft { Metadata = Only(2, metadata => metadata["custody"]!["sha256"] = new string('0', 64)) });

        (await world.VerifyAsync()).Breaks("custody").LeavesOpen();
    }

    [Fact]
    public async Task A_record_made_out_to_somebody_else_breaks_the_recipient()
    {
        await using var world = await World.MintAsync(
            chain, new Draft { Record = Only(2, record => record["recipient"] = LocalChain.Rich.Address.ToString()) });

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
    public async Task A_batch_id_that_is_not_of_its_assets_is_found_when_all_records_are_read()
    {
        await using var world = await World.MintAsync(chain, new Draft { BatchId = _ => Keccak.Hash256("another batch") });

        (await world.VerifyAsync(deep: true)).Breaks("batch").LeavesOpen();
        (await world.VerifyAsync()).Breaks().LeavesOpen();
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
            chain, new Draft { Record = Only(2, record => record["decisions"]![0]!["verdict"] = "rejected") });

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

    private static Action<int, JsonObject> Only(int index, Action<JsonObject> forge) => (at, json) =>
    {
        if (at == index)
        {
            forge(json);
        }
    };

    /// <summary>A string as a contract returns it.</summary>
    private static byte[] Encode(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return
        [
            .. new byte[31], 32, .. new byte[31], (byte)bytes.Length, .. bytes, .. new byte[(32 - (bytes.Length % 32)) % 32],
        ];
    }
}
