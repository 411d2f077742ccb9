using Microsoft.Extensions.Options;

namespace Platform.Campaigns;

/// <summary>How many assets are let to work at one time: about a second and a half's work, from an eighth of the window to the whole.</summary>
/// <remarks>
/// Whoever comes new waits behind what is at work already, so more than keeps everybody busy only costs time: a quick
/// generator gets the whole window, a slow one an eighth. Measured while events wait, for only then is all room used.
/// </remarks>
internal sealed class WindowSize(IOptions<CampaignsOptions> options)
{
    private const double Seconds = 1.5;

    private double? rate;

    /// <summary>Assets a second that are done with, while events wait; null until it was measured.</summary>
    public double? Rate => rate;

    public int Current
    {
        get
        {
            var window = options.Value.Window;
            return Math.Clamp((int)((rate ?? 0) * Seconds), Math.Max(window / 8, 1), window);
        }
    }

    /// <summary>So many were done with in that time.</summary>
    public void Note(int done, TimeSpan elapsed)
    {
        // The average of about as long a time.
        var weight = 1 - Math.Exp(-elapsed.TotalSeconds / Seconds);
        var now = Math.Max(done, 0) / Math.Max(elapsed.TotalSeconds, 0.001);
        rate = rate is { } before ? before + (weight * (now - before)) : now * weight;
    }
}
