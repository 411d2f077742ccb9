using System.CommandLine;
using System.Diagnostics;
using Platform.Hosting;

namespace Platform.Embedded;

/// <summary>Makes what an installation needs before its services start: folder, token, signer's key, ether on a local chain.</summary>
internal static class PrepareCommand
{
    private const string LocalChain = "0x7a69"; // 31337

    public static Command Create()
    {
        var rpc = new Option<string?>("--rpc") { Description = "JSON-RPC of the chain; a local one (31337) gives the signer ether" };
        var wait = new Option<int>("--wait")
        {
            Description = "Seconds to wait for the chain to answer",
            DefaultValueFactory = _ => 0,
        };
        var command = new Command("prepare", "Make token and signer's key where there are none; for installations that run apart")
        {
            CommonOptions.Data, rpc, wait,
        };
        command.SetAction((result, cancellation) => RunAsync(
            Path.GetFullPath(result.GetValue(CommonOptions.Data)!),
            result.GetValue(rpc),
            TimeSpan.FromSeconds(result.GetValue(wait)),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string data, string? rpc, TimeSpan patience, CancellationToken cancellation)
    {
        using var folder = DataFolder.Open(data, fresh: false);
        InstallationToken.ReadOrCreate(folder.TokenFile);
        var signer = MinterKey.ReadOrCreate(folder);
        await Console.Out.WriteLineAsync($"token   {folder.TokenFile}\nsigner  {signer}");
        if (rpc is null)
        {
            return 0;
        }

        if (!Uri.TryCreate(rpc, UriKind.Absolute, out var address))
        {
            throw new UserErrorException($"--rpc: '{rpc}' is no address; it looks like http://127.0.0.1:8545.");
        }

        using var http = Loopback.CreateClient();
        var chainId = await ChainIdAsync(http, address, patience, cancellation);
        if (chainId == LocalChain)
        {
            await LocalFunds.EnsureAsync(http, address, signer, cancellation);
        }

        await Console.Out.WriteLineAsync(chainId == LocalChain
            ? "chain   local, the signer has ether"
            : $"chain   {chainId}: send ether to the signer before it mints");
        return 0;
    }

    private static async Task<string> ChainIdAsync(HttpClient http, Uri rpc, TimeSpan patience, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return (await AnvilCall.SendAsync(http, rpc, "eth_chainId", [], cancellation))!.GetValue<string>();
            }
            catch (HttpRequestException exception)
            {
                if (clock.Elapsed >= patience)
                {
                    throw new UserErrorException($"The chain at {rpc} does not answer: {exception.Message}");
                }
            }

            await Task.Delay(500, cancellation);
        }
    }
}
