using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Platform.Chain;

namespace Platform.CrashPoints.Tests;

/// <summary>A step before and after each JSON-RPC call.</summary>
internal sealed class SabotagedChain(Life life) : DelegatingHandler
{
    private const string Sending = "eth_sendRawTransaction";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        life.EnsureAlive();
        if (request.Content?.Headers.ContentType?.MediaType != "application/json")
        {
            return await base.SendAsync(request, cancellationToken);
        }

        await request.Content.LoadIntoBufferAsync(cancellationToken);
        var call = JsonNode.Parse(await request.Content.ReadAsStringAsync(cancellationToken));
        var method = (call is JsonArray calls ? calls[0] : call)?["method"]?.GetValue<string>() ?? "call";
        var kind = life.Pass($"before {method}", Outage);
        if (kind == FaultKind.Drop)
        {
            return Accepted(call!);
        }

        var answer = await base.SendAsync(request, cancellationToken);
        if (kind == FaultKind.Duplicate)
        {
            answer.Dispose();
            answer = await base.SendAsync(request, cancellationToken);
        }

        if (method == Sending)
        {
            life.Pass($"after {method}", Outage);
        }

        life.EnsureAlive();
        return answer;
    }

    private static HttpRequestException Outage() => new("The node closed the connection.");

    /// <summary>The node says yes, and forgets.</summary>
    private static HttpResponseMessage Accepted(JsonNode call) => new()
    {
        Content = JsonContent.Create(new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = call["id"]!.DeepClone(),
            ["result"] = Keccak.Hash256(Hex.Decode(call["params"]![0]!.GetValue<string>())).ToString(),
        }),
    };
}
