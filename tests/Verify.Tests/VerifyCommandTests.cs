using System.CommandLine;
using System.Text.Json;
using Platform.Chain.Contracts;
using Platform.Embedded;

namespace Platform.Verify.Tests;

/// <summary>What a person and a script see: text, JSON, exit codes, and sentences that say what to do.</summary>
public sealed class VerifyCommandTests(LocalChain chain)
{
    private const string NoToken = "0x00000000219ab540356cBB839Cbe05303d7705Fa/1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prints_a_line_for_each_check_and_leaves_with_0()
    {
        await using var world = await World.MintAsync(chain);

        var (code, text) = await RunAsync(world.Options());

        Assert.Equal(0, code);
        Assert.Equal(9, text.Split('\n').Count(line => line.StartsWith('✓')));
        Assert.Contains("generator        house 1.0.0", text);
        Assert.Contains("royalty          2.5 % to", text);
        Assert.EndsWith("All 9 lines hold.", text.TrimEnd());
    }

    [Fact]
    public async Task Marks_what_does_not_hold_and_what_is_open_and_leaves_with_1()
    {
        await using var world = await World.MintAsync(chain);
        world.Gateway.Tamper(world.Batch.CustodyFiles[2]);

        var (code, text) = await RunAsync(world.Options());

        Assert.Equal(1, code);
        Assert.Contains("✗ custody ", text);
        Assert.Contains("– image       not checked: ", text);
        Assert.EndsWith("Does not hold: custody; 3 not checked.", text.TrimEnd());
    }

    [Fact]
    public async Task Prints_one_object_for_machines()
    {
        await using var world = await World.MintAsync(chain);
        world.Gateway.Tamper(world.Batch.CustodyFiles[2]);

        var (code, text) = await RunAsync(world.Options() with { Json = true, Deep = true });

        using var json = JsonDocument.Parse(text);
        var lines = json.RootElement.GetProperty("lines").EnumerateArray()
            .ToDictionary(line => line.GetProperty("name").GetString()!, line => line.GetProperty("holds").ValueKind);
        Assert.Equal(1, code);
        Assert.Equal(world.NameOf(2), json.RootElement.GetProperty("token").GetString());
        Assert.False(json.RootElement.GetProperty("holds").GetBoolean());
        Assert.Equal(JsonValueKind.True, lines["merkle"]);
        Assert.Equal(JsonValueKind.False, lines["custody"]);
        Assert.Equal(JsonValueKind.Null, lines["image"]);
        Assert.Equal(
            world.Draft.Recipients[2].ToString(), json.RootElement.GetProperty("facts").GetProperty("firstOwner").GetString());
    }

    [Fact]
    public async Task Words_of_strangers_cannot_steer_the_terminal()
    {
        await using var world = await World.MintAsync(chain, name: "Tram\u001b[2J\u202eevil");

        var (code, text) = await RunAsync(world.Options());

        Assert.Equal(0, code);
        Assert.DoesNotContain('\u001b', text);
        Assert.DoesNotContain('\u202e', text);
        Assert.Contains("Tram\uFFFD[2J\uFFFDevil", text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("0x12/3")]
    [InlineData("0x00000000219ab540356cBB839Cbe05303d7705fA/3")]
    [InlineData("0x00000000219ab540356cBB839Cbe05303d7705Fa/-3")]
    [InlineData("0x00000000219ab540356cBB839Cbe05303d7705Fa/three")]
    [InlineData("0x00000000219ab540356cBB839Cbe05303d7705Fa/")]
    [InlineData("0x00000000219ab540356cBB839Cbe05303d7705Fa/999999999999999999999999999999999999999999999999999999999999999999999999999999")]
    public async Task Says_how_a_token_is_written(string token)
    {
        var error = await RefusalAsync(new VerifyOptions { Token = token });

        Assert.Contains("<contract>/<tokenId>", error);
    }

    [Fact]
    public async Task Says_how_to_start_a_chain_that_is_not_reached()
    {
        var error = await RefusalAsync(new VerifyOptions { Token = NoToken, Rpc = "http://127.0.0.1:1" });

        Assert.Contains("'run'", error);
        Assert.Contains("--rpc", error);
        Assert.Contains("127.0.0.1:1", error);
    }

    [Fact]
    public async Task Says_how_to_start_a_gateway_that_is_not_reached()
    {
        await using var world = await World.MintAsync(chain);

        var error = await RefusalAsync(world.Options() with { Gateway = "http://127.0.0.1:1" });

        Assert.Contains("'run'", error);
        Assert.Contains("--gateway", error);
        Assert.Contains("127.0.0.1:1", error);
    }

    [Fact]
    public async Task An_address_without_code_is_no_contract()
    {
        var error = await RefusalAsync(new VerifyOptions { Token = NoToken, Rpc = chain.Rpc.AbsoluteUri });

        Assert.Contains("is no contract on chain 31337", error);
    }

    [Fact]
    public async Task A_contract_that_is_no_collection_is_called_so()
    {
        // One reverts, the other makes the EVM stumble.
        foreach (var contract in new[] { CanonicalFactory.Address, CanonicalFactory.Deployer })
        {
            var error = await RefusalAsync(new VerifyOptions { Token = $"{contract}/1", Rpc = chain.Rpc.AbsoluteUri });

            Assert.Contains("no collection of this platform", error);
        }
    }

    [Theory]
    [InlineData("5", "batch 0 has 5 tokens")]
    [InlineData("10000", "there are 1 batches")]
    [InlineData("99999999999999999999999999999999999999999999999999", "there are 1 batches")]
    public async Task A_token_that_was_never_minted_is_called_so(string id, string why)
    {
        await using var world = await World.MintAsync(chain);

        var error = await RefusalAsync(world.Options() with { Token = $"{world.Contract}/{id}" });

        Assert.Contains("was never minted", error);
        Assert.Contains(why, error);
    }

    [Theory]
    [InlineData("verify", NoToken, "--rpc", "http://127.0.0.1:1")]
    [InlineData("verify", NoToken, "--rpc", "nowhere")]
    [InlineData("verify", NoToken, "--factory", "0x1")]
    [InlineData("verify", "nothing")]
    public async Task Leaves_with_2_when_it_cannot_be_asked(params string[] arguments)
    {
        var root = new RootCommand { VerifyCommand.Create() };

        Assert.Equal(CommandRunner.UserError, await CommandRunner.RunAsync(root, arguments));
    }

    private static async Task<(int Code, string Text)> RunAsync(VerifyOptions options)
    {
        await using var output = new StringWriter();
        var code = await VerifyCommand.RunAsync(options, output, Cancellation);
        return (code, output.ToString());
    }

    private static async Task<string> RefusalAsync(VerifyOptions options) =>
        (await Assert.ThrowsAsync<UserErrorException>(() => RunAsync(options))).Message;
}
