using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.Hosting;

/// <summary>A loop that does its work again and again, logs what went wrong, backs off and goes on.</summary>
/// <remarks>The one place where any exception is caught: a loop that dies silently is worse than one that repeats.</remarks>
public abstract partial class Forever(TimeProvider clock, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Does one round; true when there may be more to do at once.</summary>
    protected abstract Task<bool> WorkAsync(CancellationToken cancellation);

    /// <summary>How long an idle loop rests.</summary>
    protected abstract TimeSpan Pause { get; }

    protected TimeProvider Clock => clock;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var more = false;
            try
            {
                more = await WorkAsync(stoppingToken);
                failures = 0;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                failures++;
                LogFailed(exception, GetType().Name, failures);
            }

            if (!more)
            {
                await RestAsync(failures, stoppingToken);
            }
        }
    }

    private async Task RestAsync(int failures, CancellationToken cancellation)
    {
        var backOff = TimeSpan.FromMilliseconds(100 * Math.Pow(2, Math.Min(failures, 16)));
        var pause = failures == 0 ? Pause : backOff < LongestPause ? backOff : LongestPause;
        await Task.Delay(pause, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(1, LogLevel.Error, "{Loop} failed {Failures} times in a row and goes on after a pause")]
    private partial void LogFailed(Exception exception, string loop, int failures);
}
