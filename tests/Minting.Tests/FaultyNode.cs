using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.Chain;

namespace Platform.Minting.Tests;

/// <summary>What a node may do to those who ask it.</summary>
public enum Fault
{
    None,

    /// <summary>Cuts the connection.</summary>
    Down,

    /// <summary>Answers after its caller has gone.</summary>
    Slow,

    /// <summary>HTTP 503.</summary>
    Busy,

    /// <summary>Does the deed, and cuts the connection before the answer.</summary>
    Mute,

    /// <summary>Counts two transactions less than there are.</summary>
    CountsLess,

    /// <summary>Counts three transactions more than there are.</summary>
    CountsMore,

    /// <summary>Knows neither the newest two blocks nor what is in them.</summary>
    Behind,

    /// <summary>Has no receipts.</summary>
    NoReceipts,

    /// <summary>Takes a transaction and says that it had it already.</summary>
    AlreadyKnown,

    /// <summary>Refuses a transaction for another with its nonce.</summary>
    Underpriced,

    /// <summary>Takes a transaction, and keeps it not.</summary>
    Forgets,
}

/// <summary>A real node behind a real proxy that lies, dawdles and drops, call by call.</summary>
internal sealed class FaultyNode : IAsyncDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler());
    private readonly ConcurrentDictionary<Fault, int> committed = new();
    private readonly Uri node;
    private readonly WebApplication app;

    private FaultyNode(Uri node)
    {
        this.node = node;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/", AnswerAsync);
    }

    /// <summary>Which fault the call to this method meets.</summary>
    public Func<string, Fault> Choose { get; set; } = _ => Fault.None;

    public int Of(Fault fault) => committed.GetValueOrDefault(fault);

    public EthereumClient Chain => new(new JsonRpcClient(
        http, new Uri(app.Urls.First()), new() { Timeout = TimeSpan.FromMilliseconds(500) }));

    public static async Task<FaultyNode> StartAsync(Uri node)
    {
        var faulty = new FaultyNode(node);
        await faulty.app.StartAsync();
        return faulty;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
    }

    /// <summary>Whether a fault shows in the answer to a method at all.</summary>
    public static bool Touches(Fault fault, string method) => fault switch
    {
        Fault.None => false,
        Fault.CountsLess or Fault.CountsMore => method == "eth_getTransactionCount",
        Fault.Behind => method is "eth_blockNumber" or "eth_getBlockByNumber" or "eth_getTransactionReceipt" or "eth_getTransactionCount",
        Fault.NoReceipts => method == "eth_getTransactionReceipt",
        Fault.AlreadyKnown or Fault.Underpriced or Fault.Forgets => method == "eth_sendRawTransaction",
        _ => true,
    };

    private async Task AnswerAsync(HttpContext context)
    {
        var asked = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        JsonNode[] calls = asked is JsonArray batch ? [.. batch.Select(each => each!)] : [asked!];
        var fault = Choose((string)calls[0]["method"]!);
        committed.AddOrUpdate(fault, 1, (_, before) => before + 1);
        if (fault is Fault.Down or Fault.Slow or Fault.Busy)
        {
            await BeAwayAsync(fault, context);
            return;
        }

        var answers = new JsonArray();
        foreach (var call in calls)
        {
            answers.Add(await AnswerAsync(call, fault));
        }

        if (fault == Fault.Mute)
        {
            context.Abort();
            return;
        }

        var answer = asked is JsonArray ? answers : answers[0]!;
        await context.Response.WriteAsJsonAsync(answer, context.RequestAborted);
    }

    private static async Task BeAwayAsync(Fault fault, HttpContext context)
    {
        if (fault == Fault.Slow)
        {
            await Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (fault == Fault.Busy)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        context.Abort();
    }

    private async Task<JsonNode> AnswerAsync(JsonNode call, Fault fault)
    {
        var method = (string)call["method"]!;
        if (!Touches(fault, method))
        {
            return await ForwardAsync(call);
        }

        switch (fault)
        {
            case Fault.Forgets:
                return Result(call, Keccak.Hash256(Hex.Decode((string)call["params"]![0]!)).ToString());
            case Fault.Underpriced:
                return Error(call, "replacement transaction underpriced");
            case Fault.AlreadyKnown:
                await ForwardAsync(call);
                return Error(call, "already known");
        }

        var answer = await ForwardAsync(call);
        if (answer["error"] is not null)
        {
            return answer;
        }

        switch (fault, method)
        {
            case (Fault.CountsLess, _):
            case (Fault.Behind, "eth_getTransactionCount" or "eth_blockNumber"):
                answer["result"] = Shifted(answer, -2);
                break;
            case (Fault.CountsMore, _):
                answer["result"] = Shifted(answer, 3);
                break;
            case (Fault.NoReceipts or Fault.Behind, _):
                answer["result"] = null;
                break;
        }

        return answer;
    }

    private static string Shifted(JsonNode answer, long by)
    {
        var number = long.Parse(((string)answer["result"]!)[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return $"0x{Math.Max(0, number + by):x}";
    }

    private static JsonObject Result(JsonNode call, string result) =>
        new() { ["jsonrpc"] = "2.0", ["id"] = call["id"]!.DeepClone(), ["result"] = result };

    private static JsonObject Error(JsonNode call, string message) => new()
    {
        ["jsonrpc"] = "2.0",
        ["id"] = call["id"]!.DeepClone(),
        ["error"] = new JsonObject { ["code"] = -32000, ["message"] = message },
    };

    private async Task<JsonNode> ForwardAsync(JsonNode call)
    {
        using var content = new StringContent(call.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(node, content);
        return (await JsonNode.ParseAsync(await response.Content.ReadAsStreamAsync()))!;
    }
}
