using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Chain;
using Platform.Content;

namespace Platform.Verify.Tests;

/// <summary>A Kestrel on a free port.</summary>
internal abstract class LocalServer : IAsyncDisposable
{
    private WebApplication? app;

    public Uri Address { get; private set; } = null!;

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(AnswerAsync);
        await app.StartAsync();
        Address = new Uri(app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }
    }

    protected abstract Task AnswerAsync(HttpContext context);
}

/// <summary>An IPFS gateway of raw blocks, which can be made to lie.</summary>
internal sealed class LocalGateway : LocalServer
{
    private readonly ConcurrentDictionary<Cid, byte[]> blocks = [];

    /// <summary>Answers in its own way, instead of with the block.</summary>
    public Func<HttpContext, Cid, Task>? Instead { get; set; }

    public void Add(Block block) => blocks[block.Cid] = block.Data.ToArray();

    /// <summary>Changes one byte of what is answered under an address.</summary>
    public void Tamper(Cid cid)
    {
        byte[] changed = [.. blocks[cid]];
        changed[changed.Length / 2] ^= 1;
        blocks[cid] = changed;
    }

    public void Forget(Cid cid) => Assert.True(blocks.TryRemove(cid, out _));

    protected override async Task AnswerAsync(HttpContext context)
    {
        var cid = Cid.Parse(context.Request.Path.Value!["/ipfs/".Length..]);
        Assert.Equal("raw", context.Request.Query["format"]);
        if (Instead is not null)
        {
            await Instead(context, cid);
        }
        else if (blocks.TryGetValue(cid, out var block))
        {
            context.Response.ContentLength = block.Length;
            await context.Response.Body.WriteAsync(block);
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }
}

/// <summary>A node that passes questions on, and lies about one function's answer.</summary>
internal sealed class LyingNode(Uri truth, ContractCall about, ReadOnlyMemory<byte> lie) : LocalServer
{
    private readonly HttpClient http = new(new SocketsHttpHandler());

    protected override async Task AnswerAsync(HttpContext context)
    {
        var question = (await JsonNode.ParseAsync(context.Request.Body))!;
        var selector = Hex.Encode(about.Data.Span[..4]);
        if (question["method"]!.GetValue<string>() == "eth_call"
            && question["params"]![0]!["input"]!.GetValue<string>().StartsWith(selector, StringComparison.Ordinal))
        {
            await context.Response.WriteAsJsonAsync(new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = question["id"]!.DeepClone(),
                ["result"] = Hex.Encode(lie.Span),
            });
            return;
        }

        using var content = new StringContent(question.ToJsonString(), null, "application/json");
        using var answer = await http.PostAsync(truth, content);
        await context.Response.WriteAsync(await answer.Content.ReadAsStringAsync());
    }
}
