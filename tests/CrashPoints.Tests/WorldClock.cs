using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace Platform.CrashPoints.Tests;

/// <summary>Time that hurries, and leaps while everybody only waits for it.</summary>
/// <remarks>
/// What contracts/events/README.md promises after five seconds or two minutes is waited for by the same code in
/// milliseconds: as long as no step is reached, time passes faster and faster.
/// </remarks>
internal sealed class WorldClock : FakeTimeProvider, IAsyncDisposable
{
    private const double Haste = 3;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(150);

    private static readonly TimeSpan LongestLeap = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource ending = new();
    private readonly Saboteur saboteur;
    private readonly Task passing;

    public WorldClock(Saboteur saboteur)
        : base(TimeProvider.System.GetUtcNow())
    {
        this.saboteur = saboteur;
        passing = PassAsync();
    }

    /// <summary>How long no step was reached, in the tester's own time.</summary>
    public TimeSpan QuietFor { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await passing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.Dispose();
    }

    private async Task PassAsync()
    {
        await Task.Yield();
        var watch = Stopwatch.StartNew();
        var before = TimeSpan.Zero;
        var since = TimeSpan.Zero;
        var steps = saboteur.Count;
        var leap = TimeSpan.Zero;
        while (true)
        {
            await Task.Delay(Tick, ending.Token);
            var now = watch.Elapsed;
            if (saboteur.Count != steps)
            {
                steps = saboteur.Count;
                since = now;
                leap = TimeSpan.FromMilliseconds(20);
            }

            QuietFor = now - since;
            if (QuietFor > Quiet)
            {
                leap = leap * 1.4 < LongestLeap ? leap * 1.4 : LongestLeap;
            }

            Advance(QuietFor > Quiet ? leap : (now - before) * Haste);
            before = now;
        }
    }
}
