using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Platform.Hosting;

namespace Platform.Shared.Tests;

public sealed class ForeverTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Goes_on_after_failures_with_growing_pauses_and_forgets_them_once_it_works()
    {
        var clock = new Metronome();
        using var loop = new Loop(clock, round => round is < 12 or 13 ? throw new InvalidOperationException("no") : false);

        await loop.StartAsync(default);
        var pauses = await clock.PauseAsync(15);
        await loop.StopAsync(default);

        Assert.Equal(
            [200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000, 30_000, 30_000, 1_234, 200, 1_234],
            pauses.Select(pause => pause.TotalMilliseconds));
    }

    [Fact]
    public async Task Does_not_rest_while_there_is_more_to_do()
    {
        var clock = new Metronome();
        using var loop = new Loop(clock, round => round < 50);

        await loop.StartAsync(default);
        var pauses = await clock.PauseAsync(1);
        await loop.StopAsync(default);

        Assert.Equal(51, loop.Rounds);
        Assert.Equal([1_234], pauses.Select(pause => pause.TotalMilliseconds));
    }

    [Fact]
    public async Task Takes_a_timeout_of_its_work_for_a_failure_not_for_the_end()
    {
        var clock = new Metronome();
        using var loop = new Loop(clock, round => round == 0 ? throw new TaskCanceledException("too slow") : false);

        await loop.StartAsync(default);
        var pauses = await clock.PauseAsync(2);
        await loop.StopAsync(default);

        Assert.Equal([200, 1_234], pauses.Select(pause => pause.TotalMilliseconds));
    }

    [Fact]
    public async Task Ends_in_the_middle_of_a_rest_when_it_is_told_to()
    {
        var clock = new Metronome();
        using var loop = new Loop(clock, _ => false);
        await loop.StartAsync(default);
        await clock.PauseAsync(1);

        await loop.StopAsync(default).WaitAsync(Deadline);

        Assert.True(loop.ExecuteTask!.IsCompletedSuccessfully);
    }

    private sealed class Loop(TimeProvider clock, Func<int, bool> work) : Forever(clock, NullLogger.Instance)
    {
        public int Rounds { get; private set; }

        protected override TimeSpan Pause => TimeSpan.FromMilliseconds(1_234);

        protected override Task<bool> WorkAsync(CancellationToken cancellation) => Task.FromResult(work(Rounds++));
    }

    /// <summary>A clock that tells how long it was asked to wait, and only then goes on.</summary>
    private sealed class Metronome : FakeTimeProvider
    {
        private readonly Channel<TimeSpan> asked = Channel.CreateUnbounded<TimeSpan>();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            asked.Writer.TryWrite(dueTime);
            return timer;
        }

        public async Task<IReadOnlyList<TimeSpan>> PauseAsync(int times)
        {
            using var deadline = new CancellationTokenSource(Deadline);
            List<TimeSpan> pauses = [];
            while (true)
            {
                pauses.Add(await asked.Reader.ReadAsync(deadline.Token));
                if (pauses.Count == times)
                {
                    return pauses;
                }

                Advance(pauses[^1]);
            }
        }
    }
}
