using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.Chain;

namespace Platform.RoyaltyIndexer.Tests;

/// <summary>A node between the indexer and the real one, which lags, lies, is slow or is not there when told to be.</summary>
internal sealed class FaultyNode : IAsyncDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler());
    private readonly Uri behind;
    private readonly WebApplication app;
    private uint drawn = 7;

    private FaultyNode(Uri behind)
    {
        this.behind = behind;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/", AnswerAsync);
    }

    public EthereumClient Chain => new(new JsonRpcClient(http, new Uri(app.Urls.First()), new() { Timeout = Patience }));

    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Answers 503.</summary>
    public bool IsDown { get; set; }

    /// <summary>Takes this long for every answer.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Knows no block above it.</summary>
    public long? Height { get; set; }

    /// <summary>Some requests come to a node that is at <see cref="Height"/>, the others to one at the head.</summary>
    public bool IsTwoNodes { get; set; }

    /// <summary>Another hash than the true one for every block.</summary>
    public Hash32? Lies { get; set; }

    /// <summary>Knows the block and says it has no logs, this many times.</summary>
    public int LogsForgotten { get; set; }

    /// <summary>Gives logs of another block than the one that was asked for, this many times.</summary>
    public int LogsMixedUp { get; set; }

    /// <summary>Refuses ranges of more blocks than this, with one of the providers' texts.</summary>
    public int? LongestRange { get; set; }

    public int RangesRefused { get; private set; }

    public static async Task<FaultyNode> StartAsync(Uri behind)
    {
        var node = new FaultyNode(behind);
        await node.app.StartAsync();
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
    }

    /// <summary>Yes or no, in an order that repeats in every run (a linear congruential generator's highest bit).</summary>
    private bool Draw() => (drawn = unchecked((drawn * 1_664_525) + 1_013_904_223)) >> 31 == 0;

    private async Task AnswerAsync(HttpContext context)
    {
        if (IsDown)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        await Task.Delay(Delay, context.RequestAborted);
        var height = IsTwoNodes && Draw() ? null : Height;
        var request = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        JsonNode answer;
        if (request is JsonArray batch)
        {
            var answers = new JsonArray();
            foreach (var call in batch)
            {
                answers.Add(await AnswerAsync(call!.AsObject(), height));
            }

            answer = answers;
        }
        else
        {
            answer = await AnswerAsync(request.AsObject(), height);
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private async Task<JsonObject> AnswerAsync(JsonObject call, long? height)
    {
        var method = (string)call["method"]!;
        var first = call["params"] is JsonArray { Count: > 0 } parameters ? parameters[0] : null;
        if (method == "eth_getLogs" && LongestRange is { } longest && first!["fromBlock"] is { } from
            && Number(first["toBlock"]!) - Number(from) + 1 > longest)
        {
            RangesRefused++;
            return Reply(call, "error", new JsonObject { ["code"] = -32602, ["message"] = $"exceed maximum block range: {longest}" });
        }

        var answer = await ForwardAsync(call);
        switch (method)
        {
            case "eth_blockNumber" when height is { } at:
                answer["result"] = $"0x{Math.Min(at, Number(answer["result"]!)):x}";
                break;
            case "eth_getBlockByNumber" when height is { } at && Number(first!) > at:
                answer["result"] = null;
                break;
            case "eth_getBlockByNumber" when Lies is { } lie && answer["result"] is JsonObject block:
                block["hash"] = lie.ToString();
                break;
            case "eth_getLogs" when answer["result"] is JsonArray { Count: > 0 } logs:
                if (height is { } below && Number(logs[0]!["blockNumber"]!) > below)
                {
                    return first!["blockHash"] is null
                        ? Reply(call, "result", new JsonArray())
                        : Reply(call, "error", new JsonObject { ["code"] = -32000, ["message"] = "unknown block" });
                }

                if (LogsForgotten > 0)
                {
                    LogsForgotten--;
                    answer["result"] = new JsonArray();
                }
                else if (LogsMixedUp > 0)
                {
                    LogsMixedUp--;
                    logs[0]!["blockHash"] = "0x" + new string('7', 64);
                }

                break;
        }

        return answer;
    }

    private async Task<JsonObject> ForwardAsync(JsonObject call)
    {
        using var content = new StringContent(call.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(behind, content);
        return (await JsonNode.ParseAsync(await response.Content.ReadAsStreamAsync()))!.AsObject();
    }

    private static JsonObject Reply(JsonObject call, string kind, JsonNode value) =>
        new() { ["jsonrpc"] = "2.0", ["id"] = call["id"]!.DeepClone(), [kind] = value };

    private static long Number(JsonNode quantity) =>
        ((string)quantity!).StartsWith("0x", StringComparison.Ordinal) ? Convert.ToInt64((string)quantity!, 16) : long.MaxValue;
}
