namespace Platform.Hosting;

/// <summary>Lets ten refusals a minute be told, and counts the others: who guesses keys fills no log.</summary>
public sealed class RefusalRate(TimeProvider clock)
{
    private const int AMinute = 10;

    private readonly Lock gate = new();

    private long since;
    private int told;
    private long untold;

    /// <param name="unsaid">How many were not told since the last that was.</param>
    public bool TryTake(out long unsaid)
    {
        lock (gate)
        {
            if (told == 0 || clock.GetElapsedTime(since) >= TimeSpan.FromMinutes(1))
            {
                (since, told) = (clock.GetTimestamp(), 0);
            }

            if (told == AMinute)
            {
                unsaid = ++untold;
                return false;
            }

            told++;
            (unsaid, untold) = (untold, 0);
            return true;
        }
    }
}
