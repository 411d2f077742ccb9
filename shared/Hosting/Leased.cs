using Microsoft.Extensions.Logging;
using Platform.Mongo;

namespace Platform.Hosting;

/// <summary>A loop that works in one process at a time: in the one that holds its lease.</summary>
/// <remarks>
/// The lease is renewed beside the work, however long a round takes. When it is lost, the round is cancelled; what the
/// round still writes bears the lease's fence. A loop that is stopped gives its lease up, so that another goes on at once.
/// </remarks>
public abstract partial class Leased(Leases leases, TimeProvider clock, ILogger logger) : Forever(clock, logger)
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private readonly ILogger logger = logger;

    private Tenure? tenure;

    /// <summary>What must not be done by two: the same in every replica.</summary>
    protected abstract string LeaseName { get; }

    /// <summary>Does one round under the lease; true when there may be more to do at once.</summary>
    /// <param name="lease">To be held (<see cref="Lease.EnsureHeld"/>) before what cannot be taken back.</param>
    /// <param name="cancellation">Also when the lease is lost.</param>
    protected abstract Task<bool> WorkAsync(Lease lease, CancellationToken cancellation);

    protected sealed override async Task<bool> WorkAsync(CancellationToken cancellation)
    {
        var current = tenure is { Lease.IsHeld: true } ? tenure : await BeginAsync(cancellation);
        if (current is null)
        {
            await Task.Delay(leases.Terms.Beat, Clock, cancellation);
            return true;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, current.Lost);
        try
        {
            return await WorkAsync(current.Lease, either.Token);
        }
        catch (Exception exception) when (
            exception is LeaseLostException
            || (exception is OperationCanceledException && current.Lost.IsCancellationRequested
                && !cancellation.IsCancellationRequested))
        {
            LogLost(GetType().Name, current.Lease.Name, current.Lease.Fence);
            await EndAsync();
            return false;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await base.ExecuteAsync(stoppingToken);
        var last = tenure?.Lease;
        await EndAsync();
        if (last is { IsHeld: true } && !leases.Terms.Alone)
        {
            await ReleaseAsync(last);
        }
    }

    private async Task<Tenure?> BeginAsync(CancellationToken cancellation)
    {
        await EndAsync();
        if (await leases.TryTakeAsync(LeaseName, cancellation) is not { } lease)
        {
            return null;
        }

        LogTaken(GetType().Name, lease.Name, lease.Fence);
        tenure = new Tenure(lease);
        tenure.Renewing = leases.Terms.Alone ? Task.CompletedTask : RenewAsync(tenure);
        return tenure;
    }

    private async Task EndAsync()
    {
        if (tenure is { } ended)
        {
            tenure = null;
            await ended.DisposeAsync();
        }
    }

    private async Task RenewAsync(Tenure current)
    {
        while (!current.Ended.IsCancellationRequested)
        {
            await Task.Delay(leases.Terms.Beat, Clock, current.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                // One that runs out is not waited for: the round must hear of it in time.
                await leases.RenewAsync(current.Lease, current.Ended).WaitAsync(leases.Terms.Beat, Clock, current.Ended);
            }
            catch (OperationCanceledException) when (current.Ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogNotRenewed(exception, current.Lease.Name, current.Lease.Fence);
            }

            if (!current.Lease.IsHeld)
            {
                await current.LoseAsync();
                return;
            }
        }
    }

    private async Task ReleaseAsync(Lease lease)
    {
        try
        {
            using var deadline = new CancellationTokenSource(Farewell);
            await leases.ReleaseAsync(lease, deadline.Token);
        }
        catch (Exception exception)
        {
            LogNotReleased(exception, lease.Name);
        }
    }

    [LoggerMessage(11, LogLevel.Information, "{Loop} took the lease {Lease} under fence {Fence}")]
    private partial void LogTaken(string loop, string lease, long fence);

    [LoggerMessage(12, LogLevel.Warning, "{Loop} lost the lease {Lease} (fence {Fence}); another goes on, or this one again")]
    private partial void LogLost(string loop, string lease, long fence);

    [LoggerMessage(13, LogLevel.Warning, "The lease {Lease} (fence {Fence}) was not renewed this time")]
    private partial void LogNotRenewed(Exception exception, string lease, long fence);

    [LoggerMessage(14, LogLevel.Warning, "The lease {Lease} was not given up in time; others wait until it runs out")]
    private partial void LogNotReleased(Exception exception, string lease);

    /// <summary>From taking a lease to its end.</summary>
    private sealed class Tenure(Lease lease) : IAsyncDisposable
    {
        private readonly CancellationTokenSource ended = new();
        private readonly CancellationTokenSource lost = new();

        public Lease Lease => lease;

        public CancellationToken Ended => ended.Token;

        public CancellationToken Lost => lost.Token;

        public Task Renewing { get; set; } = Task.CompletedTask;

        public Task LoseAsync() => lost.CancelAsync();

        public async ValueTask DisposeAsync()
        {
            await ended.CancelAsync();
            await Renewing;
            ended.Dispose();
            lost.Dispose();
        }
    }
}
