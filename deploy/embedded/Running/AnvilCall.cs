using System.Text.Json.Nodes;

namespace Platform.Embedded;

/// <summary>One JSON-RPC call of a development chain: its own methods are no Ethereum client's business.</summary>
internal static class AnvilCall
{
    /// <exception cref="HttpRequestException">Not reached, or refused with an error.</exception>
    public static async Task<JsonNode?> SendAsync(
        HttpClient http, Uri rpc, string method, JsonArray parameters, CancellationToken cancellation)
    {
        using var answer = await http.PostAsJsonAsync(
            rpc,
            new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = parameters },
            cancellation);
        var body = await answer.Content.ReadFromJsonAsync<JsonNode>(cancellation);
        return body?["error"] is { } error
            ? throw new HttpRequestException($"The chain refused {method}: {error.ToJsonString()}")
            : body?["result"];
    }
}
