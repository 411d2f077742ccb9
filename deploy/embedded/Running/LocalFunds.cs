using System.Text.Json.Nodes;
using Platform.Chain;

namespace Platform.Embedded;

/// <summary>Gives the signer ether on a development chain, whose first account is rich.</summary>
internal static class LocalFunds
{
    private const string ThousandEther = "0x3635c9adc5dea00000";

    // 18 hex digits are over an ether: enough for a million tokens here.
    private const int DigitsOfEnough = 18;

    public static async Task EnsureAsync(HttpClient http, Uri rpc, Address signer, CancellationToken cancellation)
    {
        var balance = (await AnvilCall.SendAsync(http, rpc, "eth_getBalance", [signer.ToString(), "latest"], cancellation))!
            .GetValue<string>();
        if (balance["0x".Length..].TrimStart('0').Length >= DigitsOfEnough)
        {
            return;
        }

        var rich = (await AnvilCall.SendAsync(http, rpc, "eth_accounts", [], cancellation))![0]!.GetValue<string>();
        await AnvilCall.SendAsync(
            http,
            rpc,
            "eth_sendTransaction",
            [new JsonObject { ["from"] = rich, ["to"] = signer.ToString(), ["value"] = ThousandEther }],
            cancellation);
    }
}
