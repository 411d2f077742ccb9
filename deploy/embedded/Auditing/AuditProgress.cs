namespace Platform.Embedded;

/// <summary>Tells how far an audit is: what is new, and not more than once a second.</summary>
internal sealed class AuditProgress(TextWriter output, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock told = new();
    private string last = "";
    private long at;

    public void Say(string words)
    {
        lock (told)
        {
            if (words == last || (at != 0 && clock.GetElapsedTime(at) < Pause))
            {
                return;
            }

            (last, at) = (words, clock.GetTimestamp());
            output.WriteLine($"… {words}");
        }
    }
}
