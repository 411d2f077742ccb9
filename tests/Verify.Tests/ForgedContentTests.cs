using System.Text;
using Platform.Chain.Contracts;

namespace Platform.Verify.Tests;

/// <summary>Image and metadata forged, by the gateway or before the mint: named, and nothing else.</summary>
public sealed class ForgedContentTests(LocalChain chain)
{
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
            chain, honest with { Metadata = Forge.Only(2, metadata => metadata["image"] = other) });

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
            chain, new Draft { Metadata = Forge.Only(2, metadata => metadata.Remove(missing)) });

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
    public async Task Metadata_with_another_records_digest_breaks_the_custody()
    {
        await using var world = await World.MintAsync(
            chain, new Draft { Metadata = Forge.Only(2, metadata => metadata["custody"]!["sha256"] = new string('0', 64)) });

        (await world.VerifyAsync()).Breaks("custody").LeavesOpen();
    }

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
