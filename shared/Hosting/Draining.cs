using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Platform.Hosting;

/// <summary>Holds the end back for a while, in which whoever is connected is told to connect elsewhere.</summary>
/// <remarks>
/// A kept connection that the server closes may meet a request that is just being sent on it. One that the server
/// announced to close is not used again, so none is lost; balancers learn in the meantime that this replica goes.
/// </remarks>
internal sealed class Draining(IOptions<PlatformOptions> options, TimeProvider clock) : IHostedLifecycleService
{
    public bool HasBegun { get; private set; }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        HasBegun = true;
        await Task.Delay(TimeSpan.FromSeconds(options.Value.DrainSeconds), clock, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Closes each connection with its next answer while the process drains.</summary>
internal sealed class LastRequests(RequestDelegate next, Draining draining)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (draining.HasBegun && context.Request.Protocol == HttpProtocol.Http11)
        {
            context.Response.Headers.Connection = "close";
        }

        return next(context);
    }
}
