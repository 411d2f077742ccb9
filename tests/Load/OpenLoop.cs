using System.Diagnostics;
using HdrHistogram;

namespace Platform.Load;

/// <summary>Sends on a schedule, whatever becomes of what was sent before.</summary>
/// <remarks>
/// Latency counts from the moment a request was due, not from when it could be sent: a server that stops for a second
/// is seen by everyone who would have asked in that second (no coordinated omission).
/// </remarks>
internal sealed class OpenLoop
{
    private const long LongestMicroseconds = 600_000_000;
    private const int Digits = 3;

    private readonly HistogramBase all = Create();
    private readonly HistogramBase[] eachSecond;
    private readonly double rate;
    private readonly int count;
    private long acknowledged;

    /// <param name="rate">Requests a second.</param>
    /// <param name="count">Requests in all.</param>
    public OpenLoop(double rate, int count)
    {
        this.rate = rate;
        this.count = count;
        eachSecond = [.. Enumerable.Range(0, (int)Math.Ceiling(count / rate)).Select(_ => Create())];
    }

    public HistogramBase Latencies => all;

    /// <summary>By the second in which a request was due.</summary>
    public IReadOnlyList<HistogramBase> EachSecond => eachSecond;

    public long Acknowledged => acknowledged;

    /// <summary>From the first request due to the last one acknowledged.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>Latest that the schedule itself was behind: our own lateness, which the latencies contain.</summary>
    public TimeSpan MostBehind { get; private set; }

    public async Task RunAsync(Func<int, CancellationToken, Task> send, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var sent = new List<Task>(count);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var number = 0; number < count;)
        {
            while (number < count && clock.Elapsed.TotalSeconds >= number / rate)
            {
                sent.Add(SendAsync(clock, number, send, cancellation));
                MostBehind = Max(MostBehind, clock.Elapsed - TimeSpan.FromSeconds(number / rate));
                number++;
            }

            if (number < count)
            {
                await tick.WaitForNextTickAsync(cancellation);
            }
        }

        await Task.WhenAll(sent);
        Took = clock.Elapsed;
    }

    private async Task SendAsync(Stopwatch clock, int number, Func<int, CancellationToken, Task> send, CancellationToken cancellation)
    {
        await Task.Yield(); // what sending costs before its first wait is not the schedule's
        await send(number, cancellation);
        var due = number / rate;
        var microseconds = Math.Clamp((long)((clock.Elapsed.TotalSeconds - due) * 1e6), 1, LongestMicroseconds);
        all.RecordValue(microseconds);
        eachSecond[(int)due].RecordValue(microseconds);
        Interlocked.Increment(ref acknowledged);
    }

    private static HistogramBase Create() => HistogramFactory.With64BitBucketSize()
        .WithValuesUpTo(LongestMicroseconds).WithPrecisionOf(Digits).WithThreadSafeWrites().Create();

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
