using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Platform.Content;
using Platform.Embedded;

namespace Platform.Verify.Tests;

/// <summary>What a gateway may do, and what it cannot make us do.</summary>
public sealed class GatewayBlocksTests : IAsyncLifetime
{
    private readonly LocalGateway gateway = new();
    private readonly HttpClient http = new(new SocketsHttpHandler());
    private readonly FakeTimeProvider clock = new();

    private static Cid ABlock { get; } = Cid.Raw(new byte[32]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await gateway.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_huge_block_is_refused_whether_it_is_announced_or_not(bool announced)
    {
        gateway.Instead = async (context, _) =>
        {
            context.Response.ContentLength = announced ? 1L << 40 : null;
            var part = new byte[1 << 16];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(part, context.RequestAborted);
            }
        };

        // The gateway sends for as long as it is listened to: that an answer comes shows that nobody waits for the end.
        var refusal = await Assert.ThrowsAsync<UnfitContentException>(FindAsync);

        Assert.Contains(ABlock.ToString(), refusal.Message);
    }

    [Fact]
    public async Task The_largest_block_is_taken()
    {
        gateway.Add(new Block(ABlock, new byte[GatewayBlocks.LargestBlock]));

        Assert.Equal(GatewayBlocks.LargestBlock, (await FindAsync())!.Value.Length);
    }

    [Fact]
    public async Task A_block_that_is_not_there_is_none()
    {
        Assert.Null(await FindAsync());
    }

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_gateway_that_is_busy_or_down_is_unavailable(int status)
    {
        gateway.Instead = (context, _) => Answer(context, status);

        Assert.Contains($"{status}", (await Assert.ThrowsAsync<GatewayUnavailableException>(FindAsync)).Message);
    }

    [Fact]
    public async Task A_gateway_that_refuses_a_block_spoils_only_what_needs_it()
    {
        gateway.Instead = async (context, _) =>
        {
            context.Response.StatusCode = 500;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync("It does not have its hash.\n");
        };

        var refusal = await Assert.ThrowsAsync<UnfitContentException>(FindAsync);

        Assert.Equal($"The gateway answered HTTP 500 for block {ABlock}: It does not have its hash.", refusal.Message);
    }

    [Fact]
    public async Task A_gateway_that_never_answers_is_given_up()
    {
        var asked = new TaskCompletionSource();
        gateway.Instead = async (context, _) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };

        var answer = FindAsync();
        await asked.Task.WaitAsync(Cancellation);
        clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Contains("30 s", (await Assert.ThrowsAsync<GatewayUnavailableException>(() => answer)).Message);
    }

    private static Task Answer(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private Task<ReadOnlyMemory<byte>?> FindAsync() =>
        new GatewayBlocks(http, gateway.Address, clock).FindAsync(ABlock, Cancellation).AsTask();
}
