using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Platform.Testing;

namespace Platform.Campaigns.Tests;

/// <summary>A webhook as it arrived.</summary>
internal sealed record Told(string Path, string Id, string Timestamp, string Signature, string? ContentType, string Body);

/// <summary>A campaign system's endpoint: a real server, that answers as the test likes.</summary>
internal sealed class AReceiver : IAsyncDisposable
{
    private readonly Channel<Told> told = Channel.CreateUnbounded<Told>();
    private readonly FreePorts ports = FreePorts.Find(1);
    private readonly WebApplication app;
    private int count;

    private AReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenLocalhost(ports.First));
        app = builder.Build();
        app.Run(TakeAsync);
    }

    public Func<Told, int> Answer { get; set; } = _ => 200;

    public int Count => count;

    public static async Task<AReceiver> StartAsync()
    {
        var receiver = new AReceiver();
        await receiver.app.StartAsync();
        return receiver;
    }

    public string At(string path) => $"http://127.0.0.1:{ports.First}{path}";

    public async Task<Told> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await told.Reader.ReadAsync(patience.Token);
    }

    public void Drain()
    {
        while (told.Reader.TryRead(out _))
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        ports.Dispose();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var headers = context.Request.Headers;
        var one = new Told(
            context.Request.Path, $"{headers["webhook-id"]}", $"{headers["webhook-timestamp"]}", $"{headers["webhook-signature"]}",
            context.Request.ContentType, await reader.ReadToEndAsync());
        Interlocked.Increment(ref count);
        told.Writer.TryWrite(one);
        if (one.Path == "/hang")
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        context.Response.StatusCode = Answer(one);
        if (context.Response.StatusCode == 307)
        {
            context.Response.Headers.Location = At("/elsewhere");
        }
    }
}
